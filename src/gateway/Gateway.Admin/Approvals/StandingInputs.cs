using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Admin.Approvals;

/// <summary>Parses the terms of standing approvals.</summary>
internal static class StandingInputs
{
    private static readonly TimeSpan ForMax = TimeSpan.FromDays(7);
    // Also the number of calls of a standing approval that specifies none.
    private const int UsesMax = 1000;
    private static readonly TimeSpan ForDefault = TimeSpan.FromHours(1);

    /// <summary>Returns the terms, or the error in them.</summary>
    public static (StandingTerms? Terms, AdminResponse? Problem) Read(StandingInput input)
    {
        if (input is { Next: null, For: null })
        {
            return (null, Problems.Invalid(
                "Specify \"next\" (number of calls), \"for\" (duration, such as \"15m\") or both."));
        }

        if (input.Next is { } next && (next < 1 || next > UsesMax))
            return (null, Problems.Invalid($"\"next\" must be a whole number from 1 to {UsesMax}."));
        var length = ForDefault;
        if (input.For is { } written)
        {
            if (!Window.TryParse(written, out var window) || window.Seconds is not { } seconds
                || seconds > ForMax.TotalSeconds)
            {
                return (null, Problems.Invalid(
                    $"\"for\" must be a duration such as \"90s\" or \"15m\", at most {ForMax.TotalHours:0.##} h."));
            }

            length = TimeSpan.FromSeconds(seconds);
        }

        string? where = null;
        if (input.Where is { } conditions)
        {
            where = JsonSerializer.Serialize(conditions, ApprovalJson.Default.JsonElement);
            if (WhereConditions.Problem(where) is { } wrong)
                return (null, Problems.Invalid(wrong));
        }

        return (new StandingTerms
        {
            Uses = input.Next ?? UsesMax,
            ForMs = (long)length.TotalMilliseconds,
            Where = where,
        }, null);
    }

    /// <summary>
    /// Returns conditions that only these values meet, one per argument, for an approver to loosen. Returns null if
    /// there are no arguments, or if a condition cannot express one.
    /// </summary>
    public static IReadOnlyList<ConditionView>? Suggest(JsonElement? arguments)
    {
        if (arguments is not { ValueKind: JsonValueKind.Object } known)
            return null;
        var conditions = known.EnumerateObject().Select(static member => new ConditionView(
            member.Name.Length > 0 && member.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
                ? $"args.{member.Name}"
                : $"args[{JsonSerializer.Serialize(member.Name, ApprovalJson.Default.String)}]",
            "eq", member.Value)).ToList();
        var text = JsonSerializer.Serialize(conditions, ApprovalJson.Default.ListConditionView);
        return conditions.Count > 0 && WhereConditions.Problem(text) is null ? conditions : null;
    }
}

/// <summary>The terms of a standing approval: "next", "for" or both.</summary>
internal sealed record StandingInput
{
    /// <summary>The number of further calls; by default the maximum.</summary>
    public int? Next { get; init; }

    /// <summary>The duration, such as <c>15m</c>; by default one hour.</summary>
    public string? For { get; init; }

    /// <summary>
    /// The conditions on their arguments, as in a policy's <c>require</c>. An empty array allows any arguments; by
    /// default they must be identical to those of the request.
    /// </summary>
    public JsonElement? Where { get; init; }
}
