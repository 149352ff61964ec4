using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the configuration of a server that is a program.</summary>
/// <param name="problem">Receives a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class CommandReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    public ServerModel? Read(string name, ServerFile server)
    {
        if (server.Url is not null)
            problem("", "a server cannot have both \"url\" and \"command\"; remove one");
        if (server.Headers?.Count > 0)
            problem("/headers", "a program receives no headers; pass such values in \"env\" or \"args\"");
        if (server.OAuth is not null)
            problem("/oauth", "a program receives no token; pass a credential in \"env\"");
        if (OperatingSystem.IsWindows())
            problem("/command", "programs on standard input and output run on Linux and macOS only; use \"url\" here");
        var command = Text("/command", server.Command!);
        if (command?.Length == 0)
            problem("/command", "the program's path, or its name on PATH, is missing");
        var directory = server.Cwd is null ? null : Text("/cwd", server.Cwd);
        if (directory is not null && !Path.IsPathFullyQualified(directory))
            problem("/cwd", $"\"{directory}\" is not an absolute path; begin it with /");
        var arguments = (server.Args ?? []).Select((text, i) => Text($"/args/{i}", text) ?? "").ToImmutableArray();
        var user = server.User is null ? null : User(server.User);
        return command is null
            ? null
            : new ServerModel(name, null, [])
            {
                Command = new ProgramCommand(command, arguments, Environment(server, user), directory)
                {
                    User = user,
                    Limits = server.Ulimits ?? ProgramLimits.None,
                    ChildrenMax = server.ChildrenMax ?? ServerFile.ChildrenDefault,
                    IdleMax = TimeSpan.FromSeconds(server.IdleSeconds ?? ServerFile.IdleSecondsDefault),
                },
            };
    }

    private ProgramUser? User(string written)
    {
        if (expand("/user", written) is not { } text)
            return null;
        if (ProgramUser.WhyNot() is { } why)
        {
            problem("/user", $"{why}; change that, or omit \"user\"");
            return null;
        }

        if (ProgramUser.Find(text) is { } user)
            return user;
        problem("/user", $"\"{text}\" is not a user in /etc/passwd; write its name, or numbers such as \"1000:1000\"");
        return null;
    }

    private ImmutableArray<KeyValuePair<string, string>> Environment(ServerFile server, ProgramUser? user)
    {
        var all = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (name, value) in server.Env ?? [])
        {
            var pointer = $"/env/{JsonPointer.Escape(name)}";
            if (!IsName(name))
                problem(pointer, $"\"{name}\" is not a variable name; use letters, digits and _, with no digit first");
            if (Text(pointer, value) is { } text)
                all.Add(new(name, text));
        }

        // HOME of the gateway belongs to another user, and this user may not be allowed to read it.
        if (user is not null && server.Env?.ContainsKey("HOME") != true)
            all.Add(new("HOME", user.Home ?? "/"));
        return all.ToImmutable();
    }

    private string? Text(string pointer, string written)
    {
        if (expand(pointer, written) is not { } text)
            return null;
        if (text.Contains('\0'))
            problem(pointer, "a program cannot receive a NUL character; remove it");
        return text;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
