using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>The network options of a server, and the members of the request that they set.</summary>
internal static class ServerNetwork
{
    private static readonly Option<string[]> Replica = new("--replica")
    {
        Description = "The MCP endpoint of another replica. Repeatable. The given replicas replace all current ones.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Proxy = new("--proxy")
    {
        Description = "The HTTP proxy to the server, without a password; \"\" uses the proxy of the environment.",
        HelpName = "URL",
    };

    private static readonly Option<bool?> ProxyResolves = new("--proxy-resolves")
    {
        Description = "true: the proxy resolves the server's name and decides which addresses are reached. false: the "
            + "gateway does.",
    };

    private static readonly Option<int?> Timeout = new("--timeout")
    {
        Description = "How long a request waits for its response; 0 removes the timeout.",
        HelpName = "SECONDS",
    };

    private static readonly Option<string[]> ToolTimeout = new("--tool-timeout")
    {
        Description = "How long calls of one tool wait for their response, as TOOL=SECONDS; repeatable.",
        HelpName = "TOOL=SECONDS",
    };

    private static readonly Option<int?> TimeoutMax = new("--timeout-max")
    {
        Description = "How long a request may take in all if it reports progress; 0 removes the maximum.",
        HelpName = "SECONDS",
    };

    public static IReadOnlyList<Option> Options { get; } =
        [Replica, Proxy, ProxyResolves, Timeout, ToolTimeout, TimeoutMax];

    /// <summary>Adds the given options to the body of a request. Returns false after an error message.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="url">The endpoint, if the command line names it elsewhere; otherwise null.</param>
    /// <param name="body">The body.</param>
    /// <param name="isPatch">True for a merge patch, in which null removes a member and an absent member stays.</param>
    public static bool TryAdd(ParseResult parsed, string? url, JsonObject body, bool isPatch)
    {
        string[] urls = [.. url is null ? [] : (string[])[url], .. parsed.GetValue(Replica) ?? []];
        if (parsed.GetValue(Replica) is { Length: > 0 })
            body["urls"] = new JsonArray([.. urls.Select(static one => (JsonNode)one)]);
        else if (url is not null)
            body["url"] = url;
        AddProxy(parsed, body, isPatch);
        var timeouts = new JsonObject();
        Set(timeouts, "callSeconds", parsed.GetValue(Timeout), isPatch);
        Set(timeouts, "maxSeconds", parsed.GetValue(TimeoutMax), isPatch);
        if (!TryAddTools(parsed.GetValue(ToolTimeout) ?? [], timeouts, isPatch))
            return false;
        if (timeouts.Count > 0)
            body["timeouts"] = timeouts;
        return true;
    }

    private static void AddProxy(ParseResult parsed, JsonObject body, bool isPatch)
    {
        var (proxy, resolves) = (parsed.GetValue(Proxy), parsed.GetValue(ProxyResolves));
        if (proxy is { Length: 0 } && resolves is null)
        {
            body["proxy"] = isPatch ? null : new JsonObject();
            return;
        }

        if (proxy is null && resolves is null)
            return;
        var chosen = new JsonObject();
        if (proxy is not null)
            chosen["url"] = proxy.Length > 0 ? proxy : null;
        if (resolves is not null)
            chosen["resolves"] = resolves;
        body["proxy"] = chosen;
    }

    private static bool TryAddTools(string[] given, JsonObject timeouts, bool isPatch)
    {
        var tools = new JsonObject();
        foreach (var one in given)
        {
            var at = one.LastIndexOf('=');
            if (at <= 0
                || !int.TryParse(one[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                Console.Error.WriteLine($"\"{one}\" is not valid; write --tool-timeout as TOOL=SECONDS.");
                return false;
            }

            Set(tools, one[..at], seconds, isPatch);
        }

        if (tools.Count > 0)
            timeouts["tools"] = tools;
        return true;
    }

    private static void Set(JsonObject body, string member, int? seconds, bool isPatch)
    {
        if (seconds is 0 ? isPatch : seconds is not null)
            body[member] = seconds is 0 ? null : seconds;
    }
}
