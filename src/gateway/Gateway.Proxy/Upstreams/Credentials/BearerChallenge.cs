namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The relevant parts of the challenge in a 401 (RFC 6750, 3; RFC 9728, 5.1).</summary>
/// <param name="ResourceMetadata">The address of the server's metadata.</param>
/// <param name="Scope">The scope that a token needs.</param>
/// <param name="Error">The reason why the token was refused, such as <c>invalid_token</c>.</param>
internal sealed record BearerChallenge(string? ResourceMetadata, string? Scope, string? Error)
{
    private const string Scheme = "Bearer";
    private const int ScopeCharactersMax = 1024;

    /// <summary>True if the token is valid but lacks a scope (RFC 6750, 3.1).</summary>
    public bool IsScopeMissing => Error == "insufficient_scope";

    /// <summary>
    /// The scope that a token needs (RFC 6749, 3.3), with one space between scopes; empty if it is absent or malformed.
    /// </summary>
    public string ReadableScope =>
        Scope is { Length: <= ScopeCharactersMax } && !Scope.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && Scope.AsSpan().IndexOfAny('"', '\\') < 0
                ? string.Join(' ', Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : "";

    /// <summary>Reads the Bearer challenge among all challenges; returns null if there is none.</summary>
    public static BearerChallenge? Read(string? header)
    {
        if (header is null)
            return null;
        var at = 0;
        while (at < header.Length)
        {
            var scheme = TakeToken(header, ref at);
            if (scheme.Length == 0)
            {
                at++;
                continue;
            }

            var isBearer = scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase);
            var read = ReadParameters(header, ref at);
            if (isBearer)
                return read;
        }

        return null;
    }

    // Reads up to the next scheme, which is a token without a following "=".
    private static BearerChallenge ReadParameters(string header, ref int at)
    {
        var challenge = new BearerChallenge(null, null, null);
        while (true)
        {
            var next = at;
            Skip(header, ref next);
            var name = TakeToken(header, ref next);
            while (next < header.Length && header[next] == ' ')
                next++;
            if (name.Length == 0 || next >= header.Length || header[next] != '=')
                return challenge;
            next++;
            while (next < header.Length && header[next] == ' ')
                next++;
            var value = TakeValue(header, ref next);
            at = next;
            challenge = name.ToLowerInvariant() switch
            {
                "resource_metadata" => challenge with { ResourceMetadata = value },
                "scope" => challenge with { Scope = value },
                "error" => challenge with { Error = value },
                _ => challenge,
            };
        }
    }

    private static void Skip(string header, ref int at)
    {
        while (at < header.Length && header[at] is ' ' or '\t' or ',')
            at++;
    }

    private static string TakeToken(string header, ref int at)
    {
        Skip(header, ref at);
        var start = at;
        while (at < header.Length && (char.IsAsciiLetterOrDigit(header[at]) || "!#$%&'*+-.^_`|~/".Contains(header[at])))
            at++;
        return header[start..at];
    }

    private static string TakeValue(string header, ref int at)
    {
        if (at >= header.Length || header[at] != '"')
            return TakeToken(header, ref at);
        var value = new System.Text.StringBuilder();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            if (header[at] == '\\' && at + 1 < header.Length)
                at++;
            value.Append(header[at]);
        }

        at = Math.Min(at + 1, header.Length);
        return value.ToString();
    }
}
