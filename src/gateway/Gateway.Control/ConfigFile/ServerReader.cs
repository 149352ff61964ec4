using System.Buffers;
using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Rules;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// A reader that builds a server from its configuration, whether the file, a request or the store contains it.
/// </summary>
/// <param name="problem">Receives a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
public sealed class ServerReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <summary>
    /// Returns the server with that name; null if its configuration is invalid, with the problems reported.
    /// </summary>
    public ServerModel? Read(string name, ServerFile server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!EntityName.IsValid(name))
            problem("", $"\"{name}\" is not a valid name for a server; {EntityName.Rule}");
        foreach (var (pointer, message) in ServerFile.Members.Problems(server))
            problem(pointer, message);
        var kind = server.Command is null ? "url" : "command";
        foreach (var member in ServerFile.Members.Where(member =>
            member.Declared.BelongsTo is { } owner && owner != kind && member.Get(server) is not null))
        {
            problem($"/{member.Name}", $"\"{member.Name}\" is only for a server with \"{member.Declared.BelongsTo}\"");
        }

        if (server.Host is { } host && !IsHost(host))
            problem("/host",
                $"\"{host}\" is not a host name: write a DNS name in lower case, such as crm.mcp.example.com");
        var timeouts = new EgressReader(problem, expand).Timeouts(server.Timeouts);
        return Reached(name, server) is { } model
            ? model with
            {
                Host = server.Host,
                OAuthPolicy = server.OAuthPolicy,
                Timeouts = timeouts,
                Tasks = server.Tasks,
            }
            : null;
    }

    private static bool IsHost(string host) =>
        host.Contains('.', StringComparison.Ordinal)
        && Uri.CheckHostName(host) == UriHostNameType.Dns
        && !host.AsSpan().ContainsAnyExcept(HostCharacters);

    private ServerModel? Reached(string name, ServerFile server)
    {
        if (server.Command is not null)
            return new CommandReader(problem, expand).Read(name, server);
        if (Urls(server) is not { } urls)
            return null;
        var oauth = new OAuthReader(problem, expand).Read(urls, server);
        var egress = new EgressReader(problem, expand);
        return new ServerModel(name, urls[0], Headers(server))
        {
            CallerHeaders = CallerHeaders(server),
            CallerToken = CallerToken(server),
            Replicas = urls.Length > 1 ? urls : [],
            Transport = ServerTransports.Of(server.Transport),
            OAuth = oauth,
            Aws = new AwsReader(problem, expand).Read(urls, server),
            IsPerCaller = server.Auth is not null,
            Proxy = egress.Proxy(server.Proxy),
            Tls = egress.Tls(server.Tls, urls),
        };
    }

    private ImmutableArray<Uri>? Urls(ServerFile server)
    {
        if (server.Url is { } one && server.Urls is null)
            return Url("/url", one) is { } url ? [url] : null;
        if (server.Urls is null)
            problem("", "a server needs \"url\", the address of its MCP endpoint, or \"command\", its program");
        else if (server.Url is not null)
            problem("/urls", "a server cannot have both \"url\" and \"urls\"; remove one");
        else if (server.Urls.Count > 0 && !server.Urls.Contains(null!))
        {
            var urls = server.Urls.Select((text, i) => Url($"/urls/{i}", text)).ToList();
            for (var i = 1; i < urls.Count; i++)
            {
                if (urls[i] is { } url && urls.IndexOf(url) < i)
                    problem($"/urls/{i}", $"{url} is listed twice; list each replica once");
            }

            return urls.Contains(null) ? null : [.. urls.OfType<Uri>()];
        }

        return null;
    }

    private Uri? Url(string pointer, string text)
    {
        if (expand(pointer, text) is not { } url)
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            problem(pointer, $"\"{url}\" is not an address that begins with http:// or https://");
            return null;
        }

        if (uri.UserInfo.Length > 0)
            problem(pointer, "a URL must not contain user information; send the credential in \"headers\"");
        return uri;
    }

    private ImmutableArray<KeyValuePair<string, string>> Headers(ServerFile server)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var (header, value) in server.Headers ?? [])
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

    private CallerTokenSpec? CallerToken(ServerFile server)
    {
        if (server.CallerToken is not { } token)
            return null;
        var header = token.Header ?? CallerTokenSpec.HeaderDefault;
        if (!UpstreamHeader.IsAllowed(header, out var why))
            problem("/callerToken/header", why);
        else if (HasCredential(server, header)
            || server.CallerHeaders?.Keys.Contains(header, StringComparer.OrdinalIgnoreCase) == true)
            problem("/callerToken/header", $"the server already has a value for {header}; use another header");
        return token;
    }

    private static bool HasCredential(ServerFile server, string header) =>
        server.Headers?.Keys.Contains(header, StringComparer.OrdinalIgnoreCase) == true
        || ((server.OAuth is not null || server.Aws is not null)
            && header.Equals("Authorization", StringComparison.OrdinalIgnoreCase));

    private ImmutableArray<KeyValuePair<string, string>> CallerHeaders(ServerFile server)
    {
        foreach (var (header, text) in server.CallerHeaders ?? [])
        {
            var pointer = $"/callerHeaders/{JsonPointer.Escape(header)}";
            if (!UpstreamHeader.IsAllowed(header, out var why))
                problem(pointer, why);
            else if (HasCredential(server, header))
                problem(pointer, $"the server already has a credential in {header}; use another header");
            if (CallerTemplate.Parse(text ?? "", out why) is null)
                problem(pointer, why);
        }

        return [.. server.CallerHeaders ?? []];
    }
}
