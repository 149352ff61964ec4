using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>
/// A text with values of a call's caller, such as <c>user:{caller.subject}</c>, for a header of the request to a
/// server. It has <c>{grant}</c> and the paths of conditions: <c>{caller.subject}</c>, <c>{caller.claims.groups}</c>.
/// </summary>
public sealed class CallerTemplate
{
    private const int TextMax = 512;
    private const int ValueMax = 4096;
    private const string Grant = "grant";
    private readonly ImmutableArray<Part> _parts;

    private CallerTemplate(ImmutableArray<Part> parts) => _parts = parts;

    /// <summary>Parses a text; returns null, with the problem, if it is not valid.</summary>
    public static CallerTemplate? Parse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = ImmutableArray.CreateBuilder<Part>();
        problem = text.Length is 0 or > TextMax || text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? $"write 1 to {TextMax} visible ASCII characters" : "";
        for (var at = 0; at < text.Length && problem.Length == 0;)
        {
            var open = text.IndexOfAny(['{', '}'], at);
            var end = open < 0 ? text.Length : open;
            if (end > at)
                parts.Add(new Part(text[at..end], null));
            if (open < 0)
                break;
            var close = text.IndexOf('}', open);
            if (text[open] == '}' || close < 0)
            {
                problem = "a \"{\" and the \"}\" after it enclose a value, such as {caller.subject}";
                break;
            }

            var name = text[(open + 1)..close];
            at = close + 1;
            if (name == Grant)
                parts.Add(new Part(null, null));
            else if (!ArgumentPath.TryParseOfCall(name, out var path, out var wrong))
                problem = $"{{{name}}} is not a value: {wrong}";
            else if (CallerPaths.IsOfHeaders(path))
                problem = $"{{{name}}} is a header of the client's request, which is never forwarded";
            else if (!path.IsOfCaller || path.HasEvery)
                problem = $"{{{name}}} is not a single value of the caller, such as {{caller.subject}}";
            else
                parts.Add(new Part(null, path));
        }

        if (problem.Length == 0 && parts.All(static part => part.Literal is not null))
            problem = "this text has no placeholder for the caller, such as {caller.subject}; move a text that is the "
                + "same for all callers to \"headers\"";
        return problem.Length == 0 ? new CallerTemplate(parts.ToImmutable()) : null;
    }

    /// <summary>
    /// Returns the text for a caller; null, with the reason, if the caller lacks a value or a value does not fit into a
    /// header. Arrays of texts are joined with commas.
    /// </summary>
    public string? Format(string grant, Caller? caller, out string problem)
    {
        var text = new StringBuilder();
        problem = "";
        foreach (var (literal, path) in _parts)
        {
            if (literal is not null || path is null)
                text.Append(literal ?? grant);
            else if (CallerTree.Of(caller) is { } root && path.Find(root) is { } value
                && TryText(value, out var shown))
                text.Append(shown);
            else
                problem = $"the caller has no text or number at {path}";
        }

        var formatted = text.ToString();
        if (problem.Length == 0 && (formatted.Length > ValueMax || formatted.Trim(' ').Length != formatted.Length
            || formatted.AsSpan().ContainsAnyExceptInRange(' ', '~')))
            problem = $"a value of the caller has more than {ValueMax} characters, or one that is not visible ASCII";
        return problem.Length == 0 ? formatted : null;
    }

    private static bool TryText(JsonNode value, [NotNullWhen(true)] out string? text)
    {
        text = value.Kind switch
        {
            JsonKind.String or JsonKind.Number => value.Text,
            JsonKind.True => "true",
            JsonKind.False => "false",
            // A comma within an element would make two of it.
            JsonKind.Array when value.Items.All(static item =>
                item.Kind == JsonKind.String && item.Text.Length > 0 && !item.Text.Contains(',')) =>
                string.Join(',', value.Items.Select(static item => item.Text)),
            _ => null,
        };
        return text is { Length: > 0 };
    }

    // A literal, a path of the caller, or, with neither, the grant.
    private readonly record struct Part(string? Literal, ArgumentPath? Path);
}
