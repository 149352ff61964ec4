using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Reviewing;

/// <summary>Describes the changes between two JSON documents in words.</summary>
public sealed partial class DocumentChanges
{
    /// <summary>Maximum number of changes to describe; the rest are only counted.</summary>
    public const int SaidMax = 200;

    /// <summary>The beginning of a change that adds a top-up to a budget.</summary>
    public const string AddedTopUp = "add the top-up of ";

    private const int ValueLengthMax = 80;
    private readonly List<string> _said = [];
    private readonly Func<string, bool> _showsValues;
    private int _more;

    /// <summary>Creates an empty list of changes.</summary>
    /// <param name="showsValues">Returns true if the values at a pointer are not secret.</param>
    public DocumentChanges(Func<string, bool> showsValues) => _showsValues = showsValues;

    /// <summary>Describes the changes of replacing one policy by another; empty if the bytes are equal.</summary>
    /// <param name="before">The current policy, which is JSON.</param>
    /// <param name="after">The new policy, which is JSON.</param>
    public static IReadOnlyList<string> Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
            return [];
        var changes = new DocumentChanges(static _ => true);
        changes.Compare(Parse(before), Parse(after), JsonPointer.Root);
        return changes._said.Count > 0
            ? changes.Said
            : ["change only the formatting of the document"];
    }

    /// <summary>The changes in the imperative: <c>change /default from "deny" to "allow"</c>.</summary>
    public IReadOnlyList<string> Said => _more == 0 ? _said : [.. _said, $"and {Spelling.Count(_more, "more change")}"];

    /// <summary>
    /// Returns true if a change, as this class describes it, raises the maximum of a limit, adds a top-up or removes a
    /// limit.
    /// </summary>
    public static bool Raises(string change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (RemovedMaximum().IsMatch(change) || change.StartsWith(AddedTopUp, StringComparison.Ordinal))
            return true;
        return ChangedMaximum().Match(change) is { Success: true } match
            && decimal.TryParse(match.Groups[1].ValueSpan.Trim('"'), CultureInfo.InvariantCulture, out var before)
            && decimal.TryParse(match.Groups[2].ValueSpan.Trim('"'), CultureInfo.InvariantCulture, out var after)
            && after > before;
    }

    /// <summary>Returns the document as a tree; null if it is not JSON.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) =>
        JsonTreeReader.Read(utf8, PolicyBounds.DocumentDepthMax, null, out _);

    /// <summary>Describes the differences at <paramref name="pointer"/> and below; null means absent.</summary>
    public void Compare(JsonNode? before, JsonNode? after, string pointer)
    {
        if (before is null || after is null)
            Presence(before, after, pointer);
        else if (before.Kind == JsonKind.Object && after.Kind == JsonKind.Object)
            Members(before, after, pointer);
        else if (before.Kind == JsonKind.Array && after.Kind == JsonKind.Array)
            Items(before, after, pointer);
        else if (before.Kind != after.Kind || before.Text != after.Text)
            Say(_showsValues(pointer) ? $"change {pointer} from {Show(before)} to {Show(after)}" : $"change {pointer}");
    }

    private void Presence(JsonNode? before, JsonNode? after, string pointer)
    {
        if ((before ?? after) is not { } node)
            return;
        var value = _showsValues(pointer) && node.Kind is not (JsonKind.Object or JsonKind.Array)
            ? $": {Show(node)}"
            : "";
        Say($"{(before is null ? "add" : "remove")} {pointer}{value}");
    }

    private void Members(JsonNode before, JsonNode after, string pointer)
    {
        foreach (var member in before.Members)
            Compare(member.Value, after.Find(member.Name), JsonPointer.Append(pointer, member.Name));
        foreach (var member in after.Members.Where(member => before.Find(member.Name) is null))
            Compare(null, member.Value, JsonPointer.Append(pointer, member.Name));
    }

    private void Items(JsonNode before, JsonNode after, string pointer)
    {
        if (before.Items.Concat(after.Items).All(static item => item.Kind == JsonKind.String))
        {
            Names(before, after, pointer);
            return;
        }

        for (var i = 0; i < Math.Max(before.Items.Length, after.Items.Length); i++)
        {
            Compare(
                i < before.Items.Length ? before.Items[i] : null,
                i < after.Items.Length ? after.Items[i] : null,
                JsonPointer.Append(pointer, i));
        }
    }

    private void Names(JsonNode before, JsonNode after, string pointer)
    {
        var (old, now) = (before.Items.Select(Text).ToList(), after.Items.Select(Text).ToList());
        if (old.SequenceEqual(now))
            return;
        if (!_showsValues(pointer) || old.ToHashSet().SetEquals(now))
        {
            Say($"change {pointer}");
            return;
        }

        foreach (var gone in old.Except(now))
            Say($"remove {Shorten(gone)} from {pointer}");
        foreach (var come in now.Except(old))
            Say($"add {Shorten(come)} to {pointer}");

        static string Text(JsonNode item) => $"\"{item.Text}\"";
    }

    private void Say(string change)
    {
        if (_said.Count < SaidMax)
            _said.Add(change);
        else
            _more++;
    }

    private static string Show(JsonNode node) => node.Kind switch
    {
        JsonKind.String => Shorten($"\"{node.Text}\""),
        JsonKind.Number => Shorten(node.Text),
        JsonKind.Object => "an object",
        JsonKind.Array => "a list",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    [GeneratedRegex("^change (?:/.*)?/max from (\\S+) to (\\S+)$")]
    private static partial Regex ChangedMaximum();

    [GeneratedRegex("^remove (?:/.*/(?:limits|limits/[0-9]+|rate_limit|max_in_flight)|/budgets/[^/]+)$")]
    private static partial Regex RemovedMaximum();

    private static string Shorten(string text) =>
        text.Length <= ValueLengthMax ? text : $"{text[..(ValueLengthMax - 1)]}…";
}
