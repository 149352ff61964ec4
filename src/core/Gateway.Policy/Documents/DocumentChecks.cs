using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Checks that concern several parts of a document together.</summary>
internal static class DocumentChecks
{
    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        HiddenEntryCheck.Run(document, problems);
        AmbiguousPatternCheck.Run(document.Tools, problems);
        CounterCheck.Run(document, problems);
        ContradictionCheck.Run(document, problems);
    }
}
