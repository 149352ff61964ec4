using System.Text;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>
/// The conditions of a standing approval. They use the syntax and the code of a policy's <c>require</c>, so that
/// arguments that are missing, ambiguous or of another type do not match.
/// </summary>
public static class WhereConditions
{
    /// <summary>The maximum length of the conditions as JSON, in characters.</summary>
    public const int LengthMax = 4096;

    private const string Name = "where";
    private const string Before = """{"version":"1","default":"deny","tools":{"*":{"require":""";
    private const string After = "}}}";

    /// <summary>Returns the reason why they cannot be evaluated; null if they can.</summary>
    public static string? Problem(string where)
    {
        if (where.Length > LengthMax)
            return $"\"where\" must have at most {LengthMax} characters.";
        var loaded = Load(where);
        var wrong = loaded.Problems.FirstOrDefault(static problem => problem.Severity == ProblemSeverity.Error);
        if (wrong is not null)
        {
            var place = wrong.Pointer.Replace("/tools/*/require", "", StringComparison.Ordinal);
            return $"\"where\"{place}: {wrong.Message}";
        }

        // The caller is not part of the match, and "not" would turn its absence into a match.
        var binding = Bind(loaded);
        return binding.ReadsTime ? "\"where\" must test only arguments; use \"for\" for the period."
            : binding.ReadsCaller ? "\"where\" must test only arguments, not the caller."
            : null;
    }

    /// <summary>Returns true if the arguments of a call match the conditions.</summary>
    public static bool Match(string where, string tool, ReadOnlyMemory<byte> arguments)
    {
        var loaded = Load(where);
        return loaded.Policy is not null && PolicyEngine.Decide(Bind(loaded), PolicyCall.OfTool(tool, arguments))
            .Outcome == DecisionOutcome.Allow;
    }

    private static Policy.Rules.PolicyBinding Bind(PolicyLoadResult loaded) => loaded.Policy!.Bind(Name, Name);

    private static PolicyLoadResult Load(string where) =>
        PolicyLoader.Load(Encoding.UTF8.GetBytes($"{Before}{where}{After}"), Name, NamedLists.None);
}
