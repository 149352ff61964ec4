using Gateway.Policy.Classes;
using Gateway.Policy.Conditions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Results;

namespace Gateway.Policy.Reviewing;

/// <summary>
/// Finds problems of the tools that an entry covers: a missing limit, a missing limit on an amount, a contradiction
/// with the tool's schema.
/// </summary>
internal sealed class ToolFindings(PolicyDocument document, JsonNode root, ProblemSink problems)
{
    private const int NamesMax = 10;

    // Words of tools that move or pay something, and members that contain the amount.
    private static readonly HashSet<string> Moves = new(StringComparer.OrdinalIgnoreCase)
    {
        "pay", "payment", "payout", "transfer", "refund", "charge", "withdraw", "capture", "purchase", "buy", "send",
        "donate", "credit", "debit", "spend",
    };

    private static readonly HashSet<string> Amounts = new(StringComparer.OrdinalIgnoreCase)
    {
        "amount", "price", "total", "cents", "sum",
    };

    private readonly List<string> _unlimited = [];
    private int _unlimitedOffset = -1;
    private string _unlimitedPointer = "/default";

    /// <summary>Checks one entry, and the tools to which it applies.</summary>
    public void Check(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        if (entry.IsShadow ?? document.IsShadow)
            return;
        CheckTypes(entry, covered);
        CheckResults(entry, covered);
        if (entry.Action == ToolAction.Deny)
            return;
        CheckBreadth(entry, covered);
        if (entry.Action == ToolAction.Approve)
            return;
        if (entry.Limits.IsEmpty && entry.Budgets.IsEmpty && !IsEachLimited)
            AddUnlimited(covered, entry.NameOffset, entry.Pointer);
        if (!entry.Limits.Concat(document.AllTools.Limits).Any(static limit => limit.IncrementFrom is not null)
            && !entry.Budgets.Concat(document.AllTools.Budgets).Any(static use => use.IncrementFrom is not null))
            CheckSpend(entry, covered);
    }

    /// <summary>Reports all tools without a limit at once, including those that the default allows.</summary>
    public void Finish(IEnumerable<ReviewedTool> allowedByDefault)
    {
        if (!IsEachLimited && !document.IsShadow)
            AddUnlimited([.. allowedByDefault], root.Find("default")?.Offset ?? 0, "/default");
        if (_unlimited.Count == 0)
            return;
        var more = _unlimited.Count > NamesMax ? $" and {_unlimited.Count - NamesMax} more" : "";
        problems.Warn(FindingKind.Unlimited, _unlimitedOffset, _unlimitedPointer,
            $"agents may call {string.Join(", ", _unlimited.Take(NamesMax))}{more} without any limit: "
            + "add \"limits\" here, or to \"all_tools\"");
    }

    private bool IsEachLimited => !document.AllTools.Limits.IsEmpty || !document.AllTools.Budgets.IsEmpty;

    private void AddUnlimited(List<ReviewedTool> tools, int offset, string pointer)
    {
        if (tools.Count > 0 && _unlimited.Count == 0)
            (_unlimitedOffset, _unlimitedPointer) = (offset, pointer);
        _unlimited.AddRange(tools.Select(static tool => tool.Name));
    }

    private void CheckTypes(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        foreach (var comparison in Comparisons.All(entry.Written, entry.Pointer))
        {
            if (!ArgumentPath.TryParse(comparison.Path, out var path, out _))
                continue;
            foreach (var tool in covered)
            {
                if (SchemaFit.WhyNever(comparison, ReviewPaths.SchemaOf(path, tool.InputSchema)) is not { } why)
                    continue;
                problems.Warn(FindingKind.WrongType, comparison.Offset, comparison.Pointer,
                    $"this comparison never holds for {comparison.Path} of {tool.Name}: {why}");
                break;
            }
        }
    }

    private void CheckResults(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        var results = entry.Written.Find("results");
        CheckOutputSchemas(entry, covered);
        foreach (var (path, offset, pointer) in ReviewPaths.Of(results, $"{entry.Pointer}/results", "result"))
        {
            if (path.Steps is not [{ Key: "structuredContent" }, _, ..])
                continue;
            var lacking = covered.Find(tool =>
                !tool.OutputSchema.IsEmpty && !ReviewPaths.IsInSchema(path.Steps[1..], tool.OutputSchema));
            if (lacking is not null)
            {
                problems.Warn(FindingKind.UnknownResult, offset, pointer,
                    $"\"{path}\" is not in the results of {lacking.Name}: the tool's output schema does not contain "
                        + "this value");
            }
        }
    }

    private void CheckOutputSchemas(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        if (entry.Results.Redact.IsEmpty && document.AllTools.Results.Redact.IsEmpty)
            return;
        foreach (var tool in covered.Where(static tool => !tool.OutputSchema.IsEmpty))
        {
            if (OutputSchema.ProblemOf(tool.OutputSchema) is { } problem)
            {
                problems.Warn(FindingKind.UncheckedSchema, entry.NameOffset, entry.Pointer,
                    $"each response of {tool.Name} in which something is redacted is denied, because the gateway "
                    + $"cannot check its outputSchema: {problem}");
            }
        }
    }

    private void CheckBreadth(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        if (entry.Class is not null || entry.Name.IsExact || covered.Count < 2 || covered.Find(Risky) is not { } risky
            || covered.TrueForAll(tool => Risky(tool)))
            return;
        problems.Warn(FindingKind.BroadPattern, entry.NameOffset, entry.Pointer,
            $"\"{entry.Name}\" allows {covered.Count} tools, among them the high-risk tool {risky.Name}: "
            + $"{risky.HighRiskReason}; give that tool an entry with its exact name");
        static bool Risky(ReviewedTool tool) => tool.HighRiskReason is not null;
    }

    private void CheckSpend(ToolEntryDocument entry, List<ReviewedTool> covered)
    {
        foreach (var tool in covered.Where(static tool => Words(tool.Name).Any(Moves.Contains)))
        {
            var schema = ReviewPaths.SchemaOf(ArgumentsRoot, tool.InputSchema);
            var amount = schema?.Find("properties")?.Members
                .Where(static member => Words(member.Name).Any(Amounts.Contains))
                .Select(static member => member.Name).FirstOrDefault();
            if (amount is null)
                continue;
            problems.Warn(FindingKind.Uncapped, entry.NameOffset, entry.Pointer,
                $"no limit counts the amount of {tool.Name} (args.{amount}): add a limit with "
                + $"\"increment_from\": \"args.{amount}\"");
        }
    }

    // create_payment, create-payment and createPayment consist of the same two words.
    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var at = 1; at <= name.Length; at++)
        {
            if (at < name.Length && char.IsLetter(name[at]) && char.IsLetter(name[at - 1])
                && !(char.IsUpper(name[at]) && char.IsLower(name[at - 1])))
                continue;
            yield return name[start..at].Trim('_', '-', '.', '/', ' ');
            start = at;
        }
    }

    private static ArgumentPath ArgumentsRoot { get; } =
        ArgumentPath.TryParse("args", out var root, out _) ? root : throw new InvalidOperationException();
}

/// <summary>The parts of a server's tool that a review needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InputSchema">The JSON Schema of its arguments; empty if unknown.</param>
/// <param name="HighRiskReason">The reason why the tool is considered of high risk; null if it is not.</param>
public sealed record ReviewedTool(string Name, ReadOnlyMemory<byte> InputSchema, string? HighRiskReason)
{
    /// <summary>Its accepted class.</summary>
    public ToolClass Class { get; init; }

    /// <summary>The JSON Schema of its structured results; empty if it has none.</summary>
    public ReadOnlyMemory<byte> OutputSchema { get; init; }
}
