(function(){var found=/^\?(SERIAL)(?:&|$)/.exec(location.search),place=document.getElementById("serial");
if(found&&place){place.querySelector("b").textContent=found[1].replace(/-/g,"").replace(/^([A-Z]+)([0-9]+)(.)$/,"$1-$2-$3");place.hidden=false}})();
