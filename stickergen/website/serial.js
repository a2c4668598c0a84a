(function(){var found=/^\?(SERIAL)(?:&|$)/.exec(location.search),place=document.getElementById("serial");
if(found&&place){place.querySelector("b").textContent=found[1];place.hidden=false}})();
