using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs.Shell;

/// <summary><c>gateway completion</c>: prints a script that lets the shell get completions from this program.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh, fish or powershell." };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        var command = new Command("completion",
            "Print a completion script for a shell.\n\nExamples:\n"
            + "  gateway completion bash >> ~/.bashrc\n"
            + "  gateway completion zsh >> ~/.zshrc\n"
            + "  gateway completion fish > ~/.config/fish/completions/gateway.fish\n"
            + "  gateway completion powershell >> $PROFILE")
        {
            Shell,
        };
        command.SetAction(parsed =>
        {
            var script = Script(parsed.GetValue(Shell)!);
            var program = parsed.RootCommandResult.Command.Name;
            Console.Out.WriteLine(script.Replace("gateway", program, StringComparison.Ordinal));
            return ExitCode.Well;
        });
        return command;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => """
            _gateway_complete() {
              local IFS=$'\n'
              local found="$(gateway "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)"
              COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -F _gateway_complete gateway
            """,
        "zsh" => """
            _gateway_complete() {
              local -a found
              found=("${(@f)$(gateway "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -- $found
            }
            compdef _gateway_complete gateway
            """,
        "fish" => """
            function __gateway_complete
              set -l line (commandline -cp)
              gateway "[suggest:"(string length -- $line)"]" $line 2>/dev/null
            end
            complete -c gateway -f -a '(__gateway_complete)'
            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName gateway -ScriptBlock {
              param($word, $line, $cursor)
              gateway "[suggest:$cursor]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };
}
