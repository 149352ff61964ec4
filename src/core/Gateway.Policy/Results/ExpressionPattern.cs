using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Results;

/// <summary><c>matches</c>: matches of a regular expression.</summary>
internal sealed class ExpressionPattern(SafeRegex regex) : TextPattern
{
    public override string Name => $"\"{Spelling.Shorten(regex.Text)}\"";

    public override void Find(string text, WorkBudget work, List<TextSpan> found) =>
        regex.AddMatches(text, work, static (span, into) => into.Add(new TextSpan(span.Index, span.Length)), found);
}
