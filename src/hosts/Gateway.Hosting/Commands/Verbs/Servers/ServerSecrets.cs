using System.CommandLine;
using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>The options for a server's headers and account, and the members that they set.</summary>
internal static class ServerSecrets
{
    public static readonly Option<string[]> Header = new("--header")
    {
        Description = "A header sent with every request, as \"Name: value\"; encrypted at rest, never shown again.",
        HelpName = "HEADER",
    };

    /// <summary>Not a secret, but like these an option of each verb that sets a server.</summary>
    public static readonly Option<string?> Transport = CreateTransport();

    public static readonly Option<string> ClientId = new("--oauth-client-id")
    {
        Description = "The gateway's client at the server's authorization server, for access tokens.",
        HelpName = "ID",
    };

    private static readonly Option<string> ClientSecret = new("--oauth-client-secret")
    {
        Description = "Its secret; encrypted at rest, never shown again.",
        HelpName = "SECRET",
    };

    private static readonly Option<string> Scope = new("--oauth-scope")
    {
        Description = "The requested scopes; by default those that the server asks for.",
        HelpName = "SCOPE",
    };

    private static readonly Option<string> Issuer = new("--oauth-issuer")
    {
        Description = "The only authorization server that gets the secret; by default the one that the server names.",
        HelpName = "URL",
    };

    public static IReadOnlyList<Option> Options { get; } = [Header, Transport, ClientId, ClientSecret, Scope, Issuer];

    /// <summary>
    /// Adds the given options; what is not given stays unchanged. Returns false after an error message.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="body">The body.</param>
    /// <param name="present">The present headers, which given ones replace in a patch.</param>
    public static bool TryAdd(ParseResult parsed, JsonObject body, IReadOnlyList<string> present)
    {
        if (parsed.GetValue(Header) is { Length: > 0 } headers)
        {
            var values = new JsonObject(present.Select(static name => KeyValuePair.Create(name, (JsonNode?)null)));
            foreach (var header in headers)
            {
                var colon = header.IndexOf(':', StringComparison.Ordinal);
                if (colon <= 0)
                {
                    Console.Error.WriteLine("Write --header as \"Name: value\".");
                    return false;
                }

                values[header[..colon].Trim()] = header[(colon + 1)..].Trim();
            }

            body["headers"] = values;
        }

        if (parsed.GetValue(Transport) is { } transport)
            body["transport"] = transport == "auto" ? "" : transport;
        if (OAuth(parsed) is not { } account)
            return true;
        if (parsed.GetValue(ClientId) is null)
        {
            Console.Error.WriteLine("Write --oauth-client-id with the other --oauth options.");
            return false;
        }

        body["oauth"] = account;
        return true;
    }

    private static Option<string?> CreateTransport()
    {
        var option = new Option<string?>("--transport")
        {
            Description = "The transport: http (Streamable HTTP), sse (the older HTTP+SSE), or auto (detected).",
            HelpName = "TRANSPORT",
        };
        option.AcceptOnlyFromAmong("http", "sse", "auto");
        return option;
    }

    private static JsonObject? OAuth(ParseResult parsed)
    {
        var account = new JsonObject();
        Add("clientId", ClientId);
        Add("clientSecret", ClientSecret);
        Add("scope", Scope);
        Add("issuer", Issuer);
        return account.Count > 0 ? account : null;

        void Add(string member, Option<string> option)
        {
            if (parsed.GetValue(option) is { } value)
                account[member] = value;
        }
    }
}
