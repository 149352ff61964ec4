using System.Collections.Immutable;
using System.Security.Cryptography;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;

namespace Gateway.Policy;

/// <summary>Reads, checks and compiles a policy document.</summary>
public static class PolicyLoader
{
    /// <summary>
    /// Returns the compiled policy, or every problem with file, line, column and pointer. A document with an error is
    /// refused as a whole.
    /// </summary>
    /// <param name="utf8">The document; at most <see cref="PolicyBounds.DocumentBytesMax"/> bytes.</param>
    /// <param name="file">The file name to show in problems.</param>
    /// <param name="lists">The lists that the document may use; null if they are unknown.</param>
    public static PolicyLoadResult Load(ReadOnlyMemory<byte> utf8, string file, NamedLists? lists = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (utf8.Length > PolicyBounds.DocumentBytesMax)
        {
            return new PolicyLoadResult(null, [new PolicyProblem(ProblemSeverity.Error, file, 1, 1, "",
                $"the document has {utf8.Length} bytes; at most {PolicyBounds.DocumentBytesMax} are accepted")]);
        }

        var problems = new ProblemSink(file, new LineMap(utf8));
        var context = new DocumentContext(problems) { Lists = lists ?? NamedLists.Unknown };
        var document = problems.Read(utf8.Span) is { } root ? PolicyDocumentReader.Read(root, context) : null;
        if (document is not null)
            DocumentChecks.Run(document, problems);
        var policy = document is null || problems.HasErrors
            ? null
            : new CompiledPolicy(Convert.ToHexStringLower(SHA256.HashData(utf8.Span)), RuleCompiler.Compile(document))
            {
                HasTests = document.HasTests,
            };
        return new PolicyLoadResult(policy, problems.ToImmutable());
    }
}

/// <summary>A compiled policy, or the problems that prevent it.</summary>
/// <param name="Policy">Null if any problem is an error.</param>
/// <param name="Problems">All problems, in the order of the document.</param>
public sealed record PolicyLoadResult(CompiledPolicy? Policy, ImmutableArray<PolicyProblem> Problems);
