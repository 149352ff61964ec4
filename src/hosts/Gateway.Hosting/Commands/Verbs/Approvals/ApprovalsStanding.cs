using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Approvals;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Approvals;

/// <summary><c>gateway approvals standing</c>: standing approvals for further calls.</summary>
internal static class ApprovalsStanding
{
    /// <summary>The number of further calls that a standing approval covers.</summary>
    public static readonly Option<int?> Next = new("--next")
    {
        Description = "Also approve the next N calls like this one.",
        HelpName = "N",
    };

    /// <summary>The duration of a standing approval.</summary>
    public static readonly Option<string?> For = new("--for")
    {
        Description = "Also approve calls like this one for this length of time, such as 15m. Default with --next: 1h.",
        HelpName = "LENGTH",
    };

    /// <summary>The conditions for the calls that a standing approval covers.</summary>
    public static readonly Option<string[]> Where = new("--where")
    {
        Description = "A condition on an argument of the covered calls, as \"args.amount lte 100\" or as JSON. If you "
            + "give several, all must be met; [] means any arguments. Default: only calls with the same arguments as "
            + "this call.",
        HelpName = "CONDITION",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Argument<string> Id = new("id")
    {
        Description = "The standing approval's id, or a unique prefix of it.",
    };

    public static Command Create() => new(
        "standing", "List and revoke standing approvals, which allow several later calls.")
    {
        Resources.Standing.List(
            "List standing approvals, including recently ended ones.\n\nExample:\n  gateway approvals standing list"),
        RemoteVerb.Create("revoke",
            "Revoke a standing approval: later calls need a decision again.\n\nExample:\n"
            + "  gateway approvals standing revoke 3f9a", RevokeAsync, Id),
    };

    /// <summary>Returns the terms of a standing approval from the options; null if none is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="problem">The error message if an option is not valid; otherwise null.</param>
    public static StandingInput? Read(ParseResult parsed, out string? problem)
    {
        problem = null;
        var (next, length, where) = (parsed.GetValue(Next), parsed.GetValue(For), parsed.GetValue(Where) ?? []);
        if (next is null && length is null)
        {
            if (where.Length > 0)
                problem = "--where needs --next (how many calls) or --for (how long).";
            return null;
        }

        var standing = new StandingInput { Next = next, For = length };
        if (where.Length == 0)
            return standing;
        var conditions = new JsonArray();
        foreach (var written in where)
        {
            if (!TryAdd(conditions, written))
            {
                problem = $"--where \"{written}\" is not valid; write PATH OP VALUE, such as \"args.amount lte 100\", "
                    + "or JSON as in a policy's \"require\".";
                return null;
            }
        }

        return standing with { Where = JsonSerializer.Deserialize(conditions, ClientJson.Default.JsonElement) };
    }

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

    // A value that is not JSON is taken as a string, so that nobody has to quote twice.
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

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var start = parsed.GetValue(Id)!;
        var known = await client.ListAsync(Resources.Standing.Path, Resources.Standing.Page, cancellation);
        var meant = known.FindAll(one => one.Value.Id.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} standing approvals begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        if (meant.Count == 0)
            return NotFound.Say("standing approval", start, known.Select(static one => one.Value.Id));
        var reply = await client.DeleteAsync(
            Resources.Standing.PathOf(meant[0].Value.Id), ClientJson.Default.StandingView, cancellation);
        var ended = reply.Value;
        output.Say(ended.State == "revoked"
            ? $"{ended.Id} was revoked after {ended.Used} of {ended.Next} calls."
            : $"{ended.Id} had already ended ({ended.State}).", reply.Json);
        return ExitCode.Well;
    }
}
