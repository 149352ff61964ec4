using Gateway.Policy;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;

namespace Gateway.Fuzz.Targets;

/// <summary>
/// The policy loader: every document is either a policy or has an error with a place in the document, and the same
/// document always gives the same result. A review of it never fails.
/// </summary>
internal static class PolicyTarget
{
    private const string File = "policy.json";

    public static void Run(byte[] input)
    {
        var loaded = PolicyLoader.Load(input, File);
        var errors = loaded.Problems.Count(static problem => problem.Severity == ProblemSeverity.Error);
        Property.Holds(loaded.Policy is null == errors > 0, "either a policy or an error");
        Property.Holds(loaded.Problems.Length <= PolicyBounds.ProblemsMax + 1, "at most as many problems as the bound");
        var lines = 1 + input.Count(static one => one is (byte)'\n' or (byte)'\r');
        foreach (var problem in loaded.Problems)
        {
            Property.Holds(problem.Line >= 1 && problem.Line <= lines, $"line {problem.Line} of {lines}");
            Property.Holds(problem.Column >= 1 && problem.Column <= input.Length + 1, $"column {problem.Column}");
            Property.Holds(problem.Pointer.Length == 0 || problem.Pointer[0] == '/', $"pointer {problem.Pointer}");
            Property.Holds(problem.Message.Length > 0, "a problem says what is wrong");
        }

        var again = PolicyLoader.Load(input, File);
        Property.Holds(again.Problems.SequenceEqual(loaded.Problems), "the same problems at every load");
        Property.Holds(again.Policy?.Sha256 == loaded.Policy?.Sha256, "the same policy at every load");
        PolicyReview.Run(input, File, tools: null);
        if (loaded.Policy is not null)
            JsonDocument.Parse(input, new JsonDocumentOptions { AllowDuplicateProperties = false }).Dispose();
    }
}
