using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>Options that say what a grant is; null after the message where they contradict themselves.</summary>
internal static class GrantOptions
{
    /// <summary>How the grant's tools are listed.</summary>
    public static readonly Option<string?> ToolsAs = CreateToolsAs();

    /// <summary>Tools that stand for others.</summary>
    public static readonly Option<string?> VirtualTools = new("--virtual-tools")
    {
        Description = "A file that says which tools stand for others of its servers, as \"virtual_tools\" of a grant "
            + "does; {} for none; - for standard input.",
        HelpName = "FILE",
    };

    /// <summary>Puts what both options say into the body of a request; false after the message.</summary>
    public static bool TryTools(ParseResult parsed, JsonObject body)
    {
        if (parsed.GetValue(ToolsAs) is { } toolsAs)
            body["tools_as"] = toolsAs;
        if (parsed.GetValue(VirtualTools) is not { } file)
            return true;
        if (PolicyFile.Read(new FileInfo(file)) is not { } bytes)
            return false;
        try
        {
            if (JsonNode.Parse(bytes) is JsonObject tools)
            {
                body["virtual_tools"] = tools;
                return true;
            }

            Console.Error.WriteLine($"--virtual-tools {file} must be a JSON object.");
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"--virtual-tools {file} is not valid JSON: {Policy.Json.JsonErrors.Describe(e)}.");
        }

        return false;
    }

    /// <summary>Each <c>--server SERVER=POLICY</c>; a server stands once, or each time with the same policy.</summary>
    public static JsonObject? Servers(string[] pairs)
    {
        var servers = new JsonObject();
        foreach (var pair in pairs)
        {
            var parts = pair.Split('=', 2);
            var policy = parts.Length == 2 ? parts[1] : null;
            if (parts[0].Length == 0 || policy?.Length == 0)
                return Wrong($"--server \"{pair}\" names nothing on one side; write --server SERVER=POLICY.");
            if (servers.TryGetPropertyValue(parts[0], out var other) && (string?)other != policy)
            {
                return Wrong($"--server {parts[0]} is given twice, with {Named((string?)other)} and with "
                    + $"{Named(policy)}; a grant has one policy for a server.");
            }

            servers[parts[0]] = policy;
            if (policy is null)
                Console.Error.WriteLine($"warning: {parts[0]} has no policy, so every call there is denied.");
        }

        return servers;
    }

    /// <summary>The instant of <c>--expires</c>, which is still to come.</summary>
    public static DateTimeOffset? Expires(string text)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!WrittenTime.TryAhead(text, now, out var end))
        {
            Console.Error.WriteLine($"--expires \"{text}\" is not a time: write {WrittenTime.Rule}.");
            return null;
        }

        if (end > now)
            return end;
        Console.Error.WriteLine($"--expires {text} is in the past: the grant would never work. Write a time to come.");
        return null;
    }

    private static Option<string?> CreateToolsAs()
    {
        var option = new Option<string?>("--tools-as")
        {
            Description = "How its tools are listed: each by itself (list), or as three that find, describe and call "
                + "the others (search).",
            HelpName = "HOW",
        };
        option.AcceptOnlyFromAmong("list", "search");
        return option;
    }

    private static string Named(string? policy) => policy is null ? "no policy" : $"policy {policy}";

    private static JsonObject? Wrong(string message)
    {
        Console.Error.WriteLine(message);
        return null;
    }
}
