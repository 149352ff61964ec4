using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway approvals standing</c>: leave for further calls, as approvers gave it.</summary>
internal static class ApprovalsStanding
{
    /// <summary>How many further calls an approval is good for.</summary>
    public static readonly Option<int?> Next = new("--next")
    {
        Description = "Let the next N calls like this one go ahead too, without asking.",
        HelpName = "N",
    };

    /// <summary>For how long.</summary>
    public static readonly Option<string?> For = new("--for")
    {
        Description = "Let calls like this one go ahead for so long, such as 15m. Default with --next: 1h.",
        HelpName = "LENGTH",
    };

    /// <summary>Which calls are like it.</summary>
    public static readonly Option<string[]> Where = new("--where")
    {
        Description = "Which calls are like it: a condition on an argument, as \"args.amount lte 100\" or as JSON; all "
            + "given ones must hold; [] is any arguments. Default: those with the very same arguments.",
        HelpName = "CONDITION",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Argument<string> Id = new("id")
    {
        Description = "The standing approval's id, or as much of its start as tells it from the others.",
    };

    public static Command Create() => new("standing", "See which further calls approvers let go ahead; take it back.")
    {
        RemoteVerb.CreateRows("list",
            "List standing approvals, those that ended lately too.\n\nExample:\n  gateway approvals standing list",
            ListAsync),
        RemoteVerb.Create("revoke",
            "Take a standing approval back: people are asked again.\n\nExample:\n"
            + "  gateway approvals standing revoke 3f9a", RevokeAsync, Id),
    };

    /// <summary>What the options say, for the gateway; null where they say nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="problem">What is wrong with them.</param>
    public static JsonObject? Read(ParseResult parsed, out string? problem)
    {
        problem = null;
        var (next, length, where) = (parsed.GetValue(Next), parsed.GetValue(For), parsed.GetValue(Where) ?? []);
        if (next is null && length is null)
        {
            if (where.Length > 0)
                problem = "--where says which calls; say how many with --next, or how long with --for.";
            return null;
        }

        var standing = new JsonObject { ["next"] = next, ["for"] = length };
        if (where.Length == 0)
            return standing;
        var conditions = new JsonArray();
        foreach (var written in where)
        {
            if (!TryAdd(conditions, written))
            {
                problem = $"--where {written} is no condition; write PATH OP VALUE, such as \"args.amount lte 100\", "
                    + "or JSON as in a policy's \"require\".";
                return null;
            }
        }

        standing["where"] = conditions;
        return standing;
    }

    /// <summary>A condition as <c>--where</c> takes it.</summary>
    public static string Text(JsonNode condition) =>
        condition is JsonObject { Count: 3 } plain && plain["path"] is { } path && plain["op"] is { } op
            ? $"{path} {op} {plain["value"]?.ToJsonString(ApprovalsShow.Readable) ?? "null"}"
            : condition.ToJsonString(ApprovalsShow.Readable);

    private static bool TryAdd(JsonArray conditions, string written)
    {
        try
        {
            if (written.TrimStart() is ['{' or '[', ..])
            {
                var json = JsonNode.Parse(written)!;
                foreach (var one in json is JsonArray several ? several.ToArray() : [json])
                    conditions.Add(one?.DeepClone());
                return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        if (written.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is not [var path, var op, var value])
            return false;
        conditions.Add((JsonNode)new JsonObject { ["path"] = path, ["op"] = op, ["value"] = Value(value) });
        return true;
    }

    // What is no JSON is a text, so that nobody has to quote twice.
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.Table(await client.ListAsync("approvals/standing", cancellation), "There is no standing approval.",
            ("ID", static one => (string?)one["id"]),
            ("STATE", static one => (string?)one["state"]),
            ("GRANT", static one => (string?)one["grant"]),
            ("SERVER", static one => (string?)one["server"]),
            ("TOOL", static one => (string?)one["tool"]),
            ("USED", static one => $"{one["used"]} of {one["next"]}"),
            ("EXPIRES", static one => Times.Show((string?)one["expires"])),
            ("BY", static one => (string?)one["madeBy"]),
            ("WHERE", static one => one["where"] switch
            {
                null => "the same arguments",
                JsonArray { Count: 0 } => "any arguments",
                JsonArray conditions => string.Join(", ", conditions.Select(static condition => Text(condition!))),
                var other => other.ToJsonString(),
            }),
            ("WHY", static one => (string?)one["why"]));
        return ExitCode.Well;
    }

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var start = parsed.GetValue(Id)!;
        var known = await client.ListAsync("approvals/standing", cancellation);
        var meant = known.Where(one => ((string)one!["id"]!).StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} standing approvals begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        if (meant.Count == 0)
            return NotFound.Say("standing approval", start, known.Select(static one => (string)one!["id"]!));
        var path = $"approvals/standing/{Uri.EscapeDataString((string)meant[0]!["id"]!)}";
        var ended = (await client.SendAsync("DELETE", path, null, null, cancellation)).Object;
        output.Say((string?)ended["state"] == "revoked"
            ? $"{ended["id"]} is revoked after {ended["used"]} of {ended["next"]} calls."
            : $"{ended["id"]} had ended before ({ended["state"]}).", ended);
        return ExitCode.Well;
    }
}
