using System.Collections.Immutable;
using System.Text;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Recording;

/// <summary>A part of a filter that is not valid.</summary>
/// <param name="Index">The index of the condition.</param>
/// <param name="Column">The character of the condition, from 1.</param>
/// <param name="Message">The problem and the remedy, as a sentence without a full stop.</param>
public readonly record struct ArgumentFilterProblem(int Index, int Column, string Message);

/// <summary>
/// Conditions on recorded arguments, all of which must hold. They compare as the conditions of policies do: numbers
/// exactly, and a value of another type never matches. A value that was not recorded never matches either.
/// </summary>
public sealed class ArgumentFilter
{
    /// <summary>Maximum number of conditions.</summary>
    public const int ConditionsMax = 8;

    private const int LengthMax = 500;

    private readonly ImmutableArray<(ArgumentPath Path, List<Condition> AnyOf)> _conditions;

    private ArgumentFilter(ImmutableArray<(ArgumentPath, List<Condition>)> conditions) => _conditions = conditions;

    /// <summary>The operators, by their names in policies.</summary>
    public static IReadOnlyList<string> OperatorNames { get; } =
        ["eq", "neq", "gt", "gte", "lt", "lte", "contains"];

    /// <summary>Reads conditions of the form <c>args.amount gt 100</c>: a path, an operator and a value.</summary>
    /// <param name="texts">
    /// The conditions. A value that is a JSON number, string, <c>true</c>, <c>false</c> or <c>null</c> is read as such,
    /// any other as text.
    /// </param>
    /// <param name="problem">The first problem, if the result is null.</param>
    public static ArgumentFilter? Read(IReadOnlyList<string> texts, out ArgumentFilterProblem problem)
    {
        ArgumentNullException.ThrowIfNull(texts);
        problem = default;
        if (texts.Count > ConditionsMax)
        {
            problem = new ArgumentFilterProblem(ConditionsMax, 1, $"at most {ConditionsMax} conditions are possible");
            return null;
        }

        var conditions = ImmutableArray.CreateBuilder<(ArgumentPath, List<Condition>)>();
        for (var index = 0; index < texts.Count; index++)
        {
            if (Read(texts[index], out var column, out var message) is not { } condition)
            {
                problem = new ArgumentFilterProblem(index, column, message);
                return null;
            }

            conditions.Add(condition);
        }

        return new ArgumentFilter(conditions.ToImmutable());
    }

    /// <summary>Returns true if every condition holds for recorded values.</summary>
    public bool Matches(RecordedArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        // Null replaces a value that was not recorded, so it must not be compared.
        if (!_conditions.All(one => arguments.Covers(one.Path))
            || JsonTreeReader.Read(arguments.Json.Span, PolicyBounds.ArgumentsDepthMax, [], out _) is not { } root)
        {
            return false;
        }

        var call = new EvaluationContext(root, new WorkBudget());
        return _conditions.All(one =>
            one.AnyOf.Exists(condition => condition.Evaluate(call, Quantifier.Any) == TriState.True));
    }

    private static (ArgumentPath, List<Condition>)? Read(string text, out int column, out string message)
    {
        (column, message) = (1, "");
        if (text.Length > LengthMax)
        {
            message = $"a condition has at most {LengthMax} characters";
            return null;
        }

        if (ReadPath(text, out var path, ref message) is not { } end)
            return null;
        var name = text.AsSpan(end).TrimStart();
        column = text.Length - name.Length + 1;
        var length = name.IndexOf(' ');
        var written = (length < 0 ? name : name[..length]).ToString();
        if (!OperatorNames.Contains(written))
        {
            message = written.Length == 0
                ? $"an operator is missing after the path: {string.Join(", ", OperatorNames)}"
                : $"there is no operator \"{Spelling.Shorten(written)}\"; use {string.Join(", ", OperatorNames)}";
            return null;
        }

        var value = name[written.Length..].TrimStart();
        column = text.Length - value.Length + 1;
        if (value.IsEmpty)
        {
            message = "a value is missing after the operator; an empty text is written \"\"";
            return null;
        }

        var parts = Values(value.ToString(), written).Select(node => Compare(path, written, node)).ToList();
        message = parts.Find(static part => part.Problem is not null).Problem ?? "";
        return message.Length > 0
            ? null
            : (path, parts.ConvertAll(static part => part.Condition!));
    }

    /// <summary>Returns the end of the path. A quoted key of it may contain spaces.</summary>
    private static int? ReadPath(string text, out ArgumentPath path, ref string message)
    {
        path = null!;
        for (var end = text.IndexOf(' '); ; end = text.IndexOf(' ', end + 1))
        {
            if (ArgumentPath.TryParse(end < 0 ? text : text[..end], out path, out var problem))
                return end < 0 ? text.Length : end;
            if (message.Length == 0)
                message = problem!;
            if (end < 0)
                return null;
        }
    }

    /// <summary>Returns the readings of a value. A part may be a text, or an element that is a number.</summary>
    private static IEnumerable<JsonNode> Values(string text, string op)
    {
        var json = JsonTreeReader.Read(Encoding.UTF8.GetBytes(text), depthMax: 1, [], out _);
        if (json is null or { Kind: JsonKind.Array or JsonKind.Object })
            return [JsonNode.OfText(JsonKind.String, 0, text)];
        return op == "contains" && json.Kind != JsonKind.String
            ? [json, JsonNode.OfText(JsonKind.String, 0, text)]
            : [json];
    }

    private static (Condition? Condition, string? Problem) Compare(ArgumentPath path, string name, JsonNode value)
    {
        var problems = new ProblemSink("", new LineMap(default));
        var members = MemberReader.Open(JsonNode.OfObject(0, []), "", "a filter", new DocumentContext(problems))!;
        return Operators.Find(name)!.Read(members, value) is { } comparison
            ? (new ComparedCondition(path, comparison), null)
            : (null, problems.ToImmutable()[0].Message);
    }
}
