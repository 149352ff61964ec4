using System.Buffers;
using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>Checks a server as written, in the file or over the API.</summary>
/// <param name="problem">Takes a JSON Pointer below the server, and what is wrong there.</param>
/// <param name="expand">Replaces references at a pointer; null where that failed and was reported.</param>
public sealed class ServerReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <summary>The server of that name; null, with its problems reported, where something is wrong with it.</summary>
    public ServerModel? Read(string name, ServerConfig server)
    {
        if (server.Host is { } host && !IsHost(host))
            problem("/host",
                $"\"{host}\" is no host name: write a DNS name in lower case, such as crm.mcp.example.com");
        return Reached(name, server) is { } model
            ? model with { Host = server.Host, OAuthPolicy = server.OAuthPolicy }
            : null;
    }

    private static bool IsHost(string host) =>
        host.Length <= 253 && host.Contains('.', StringComparison.Ordinal)
        && Uri.CheckHostName(host) == UriHostNameType.Dns
        && !host.AsSpan().ContainsAnyExcept(HostCharacters);

    private ServerModel? Reached(string name, ServerConfig server)
    {
        if (!EntityName.IsValid(name))
            problem("", $"\"{name}\" is no name for a server; {EntityName.Rule}");
        if (server.Command is not null)
            return new CommandReader(problem, expand).Read(name, server);
        foreach (var member in OfPrograms(server))
            problem($"/{member}", $"\"{member}\" belongs to a \"command\"");
        if (server.Url is null)
        {
            problem("", "a server needs \"url\", the address of its MCP endpoint, or \"command\", its program");
            return null;
        }

        if (expand("/url", server.Url) is not { } url)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            problem("/url", $"\"{url}\" is not an http or https address");
            return null;
        }

        if (uri.UserInfo.Length > 0)
            problem("/url", "a URL with user information is refused; send the credential in \"headers\"");
        var oauth = new OAuthReader(problem, expand).Read(uri, server);
        return new ServerModel(name, uri, Headers(server)) { OAuth = oauth };
    }

    private static IEnumerable<string> OfPrograms(ServerConfig server)
    {
        if (server.Args is not null) yield return "args";
        if (server.Env is not null) yield return "env";
        if (server.Cwd is not null) yield return "cwd";
        if (server.User is not null) yield return "user";
        if (server.Ulimits is not null) yield return "ulimits";
        if (server.ChildrenMax is not null) yield return "childrenMax";
        if (server.IdleSeconds is not null) yield return "idleSeconds";
    }

    private ImmutableArray<KeyValuePair<string, string>> Headers(ServerConfig server)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (header, value) in server.Headers)
        {
            var pointer = $"/headers/{JsonPointer.Escape(header)}";
            if (!UpstreamHeader.IsAllowed(header, out var why))
                problem(pointer, why);
            if (expand(pointer, value) is not { } expanded)
                continue;
            if (expanded.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                problem(pointer, "a header's value must be visible ASCII characters");
            headers.Add(new(header, expanded));
        }

        return headers.ToImmutable();
    }
}
