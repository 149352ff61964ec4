using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Configuration;

/// <summary>
/// <c>gateway config validate</c>: reports the problems that a start would find in a configuration file, without
/// starting.
/// </summary>
internal static class ConfigCommand
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);

    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The configuration file; - for standard input.",
    };

    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Also connect to each server, for at most 5 s, and warn if that fails.",
    };

    public static Command Create()
    {
        var validate = new Command("validate",
            "Check a configuration file, its policy files and its ${NAME} references, as a start would, without "
            + "starting anything. Warns if a program is not found. Exits with 1 if the file has an error.\n\n"
            + "Example:\n  gateway config validate gateway.json")
        {
            Document, Check,
        };
        Output.AddOptions(validate, hasRows: false);
        validate.SetAction(parsed => Validate(
            parsed.GetValue(Document)!, parsed.GetValue(Check), Output.For(parsed)));
        return new Command("config", "Check configuration files, and show or reload the configuration of a running "
            + "gateway.")
        {
            validate, ConfigShow.Create(), ConfigReload.Create(),
        };
    }

    private static int Validate(FileInfo file, bool connects, Output output)
    {
        if (InputFile.Read(file) is not { } content)
            return ExitCode.Usage;
        var path = InputFile.PathOf(file);
        var result = ConfigLoader.Load(
            path, Environment.GetEnvironmentVariable, content: content,
            inspect: server => server.Command is { } program ? Missing(program)
                : connects && server.Url is { } url ? Unreachable(url)
                : null);
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["valid"] = result.Problems.IsEmpty,
                ["errors"] = Places(result.Problems),
                ["warnings"] = Places(result.Warnings),
            });
        }
        else
        {
            foreach (var problem in result.Problems)
                output.Line(problem.ToString());
            foreach (var warning in result.Warnings)
                output.Line(warning.ToString());
            output.Line($"{InputFile.Shown(file)}: {Spelling.Count(result.Problems.Length, "error")}, "
                + Spelling.Count(result.Warnings.Length, "warning"));
        }

        return result.Problems.IsEmpty ? ExitCode.Well : ExitCode.No;
    }

    /// <summary>Returns an error if a start of the server would not find its program.</summary>
    private static (string Pointer, string Message)? Missing(ProgramCommand program)
    {
        var name = program.Program;
        if (name.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.Combine(program.WorkingDirectory ?? Environment.CurrentDirectory, name);
            return File.Exists(path) ? null : ("/command", $"there is no file {path}: the program cannot be started");
        }

        var folders = program.Environment.FirstOrDefault(static one => one.Key == "PATH").Value
            ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        return folders.Split(':').Any(folder => File.Exists(Path.Combine(folder, name)))
            ? null
            : ("/command", $"\"{name}\" was not found in any folder of PATH, so the program cannot be started. "
                + "Install the program, or write its full path");
    }

    private static (string Pointer, string Message)? Unreachable(Uri url)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(ConnectMax, TimeProvider.System);
        using var end = limit.Token.Register(socket.Dispose);
        try
        {
            socket.Connect(url.IdnHost, url.Port);
            return null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return ("/url", limit.IsCancellationRequested
                ? $"{url.Authority} did not accept a connection within {ConnectMax.TotalSeconds} s"
                : $"{url.Authority} cannot be reached from here: {e.Message}");
        }
    }

    private static JsonArray Places(IEnumerable<PolicyProblem> problems) =>
        new([.. problems.Select(PolicyFile.ToJson)]);
}
