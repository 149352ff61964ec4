using System.Text;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;

namespace Gateway.Proxy.Approvals.Standing;

/// <summary>
/// The conditions of a standing approval: those of a policy's <c>require</c>, read and judged by the same code, so that
/// what is missing, of another type or ambiguous does not meet them.
/// </summary>
public static class WhereConditions
{
    /// <summary>Characters of the conditions as JSON.</summary>
    public const int LengthMax = 4096;

    private const string Name = "where";
    private const string Before = """{"version":"1","default":"deny","tools":{"*":{"require":""";
    private const string After = "}}}";

    /// <summary>Why they cannot be judged; null where they can.</summary>
    public static string? Problem(string where)
    {
        if (where.Length > LengthMax)
            return $"\"where\" has at most {LengthMax} characters.";
        var loaded = Load(where);
        var wrong = loaded.Problems.FirstOrDefault(static problem => problem.Severity == ProblemSeverity.Error);
        if (wrong is not null)
        {
            var place = wrong.Pointer.Replace("/tools/*/require", "", StringComparison.Ordinal);
            return $"\"where\"{place}: {wrong.Message}";
        }


        return Bind(loaded).ReadsTime ? "\"where\" looks at arguments: \"for\" says how long." : null;
    }

    /// <summary>Whether the arguments of a call meet them.</summary>
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
