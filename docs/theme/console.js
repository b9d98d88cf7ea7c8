// The copy button of a console block takes the commands, without prompts and outputs.
(function () {
    "use strict";

    function commands(text) {
        const kept = [];
        let goesOn = false;
        for (const line of text.split("\n")) {
            if (goesOn || line.startsWith("$ ")) {
                kept.push(goesOn ? line : line.slice(2));
                goesOn = line.endsWith("\\");
            }
        }
        return kept.join("\n");
    }

    document.addEventListener("click", function (event) {
        const button = event.target.closest(".clip-button");
        const code = button && button.closest("pre").querySelector("code.language-console");
        // Without a secure context there is no clipboard but the book's own.
        if (!code || !navigator.clipboard) {
            return;
        }
        event.stopPropagation();
        navigator.clipboard.writeText(commands(code.textContent));
    }, true);
})();
