using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Hosting.Logs;

namespace Gateway.Hosting.Options;

/// <summary>All output of a running gateway, in the form that was chosen for its log.</summary>
public sealed class ConsoleLines : IDisposable
{
    private readonly TextWriter _output = System.Console.Out;
    private readonly TextWriter _errors = System.Console.Error;
    private readonly JsonLines? _jsonOutput;
    private readonly JsonLines? _jsonErrors;

    private ConsoleLines(bool isJson, bool isLog)
    {
        if (!isLog)
            System.Console.SetOut(new CheckedOutput(_output, StandardOutput.HasNoReader));
        if (!isJson)
            return;
        _jsonOutput = new JsonLines(_output, LogLevel.Information, TimeProvider.System);
        _jsonErrors = new JsonLines(_errors, LogLevel.Error, TimeProvider.System);
        System.Console.SetOut(_jsonOutput);
        System.Console.SetError(_jsonErrors);
    }

    /// <summary>Writes JSON from now on if this command line starts a gateway that logs JSON.</summary>
    /// <param name="parsed">The command line, even an invalid one.</param>
    /// <param name="isJsonByDefault">True for a program that logs JSON unless the format is set.</param>
    public static ConsoleLines Begin(ParseResult parsed, bool isJsonByDefault)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var isWrong = parsed.Action is ParseErrorAction;
        // Its help, for example, is for a person.
        var runs = isWrong || parsed.Action == parsed.CommandResult.Command.Action;
        // A person who mistyped a command reads the error at a terminal.
        var isByDefault = isJsonByDefault && !(isWrong && !System.Console.IsErrorRedirected);
        var isLog = LogOptions.IsOf(parsed.CommandResult);
        return new ConsoleLines(
            runs && isLog && (LogOptions.IsJson(parsed.CommandResult) ?? isByDefault), isLog);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        System.Console.SetOut(_output);
        if (_jsonOutput is null)
            return;
        System.Console.SetError(_errors);
        _jsonOutput.Dispose();
        _jsonErrors!.Dispose();
    }
}
