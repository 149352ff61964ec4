using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads the condition <c>time</c>.</summary>
internal static partial class TimeReader
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static TimeCondition? Read(MemberReader owner, JsonNode node, string? reason)
    {
        if (MemberReader.Open(node, owner.PointerTo("time"), "\"time\"", owner.Context) is not { } members)
            return null;
        var zone = ReadZone(members);
        var days = ReadAll(members, "days", static text => ReadDays(text),
            "days such as \"mon\" or \"mon-fri\", in lower case");
        var hours = ReadAll(members, "hours", static text => ReadHours(text),
            "hours such as \"09:00-18:00\", \"22:00-06:00\" or \"00:00-24:00\"");
        if (days is null && hours is null)
            members.Error(node, members.Pointer,
                "\"time\" without \"days\" and \"hours\" is always met: write one of them");
        members.RefuseOthers();
        if (zone is null)
            return null;
        string[] written = [.. Words(days), .. Words(hours)];
        return new TimeCondition(
            zone,
            days is null ? [.. Enum.GetValues<DayOfWeek>()] : [.. days.Value.SelectMany(static day => day.Value)],
            hours is null ? [HoursOfDay.WholeDay] : [.. hours.Value.Select(static span => span.Value)],
            string.Join(", ", written))
        {
            Reason = reason,
        };

        static IEnumerable<string> Words<T>(ImmutableArray<(string Text, T)>? items) =>
            items is null ? [] : [string.Join(" or ", items.Value.Select(static item => item.Text))];
    }

    private static TimeZoneInfo? ReadZone(MemberReader members)
    {
        if (members.Required("zone", TimeZones.Rule) is not { } node || members.AsText(node, "zone") is not { } name)
            return null;
        if (TimeZones.Find(name) is { } zone)
            return zone;
        RefuseZone(members, node, name);
        return null;
    }

    /// <summary>Reports a zone that the system does not know.</summary>
    public static void RefuseZone(MemberReader members, JsonNode node, string name) =>
        members.Error(node, members.PointerTo("zone"),
            $"this system does not know the time zone \"{Spelling.Shorten(name)}\": {TimeZones.Rule}");

    /// <summary>Parses each text of a list; null if there is no list.</summary>
    private static ImmutableArray<(string Text, T Value)>? ReadAll<T>(
        MemberReader members, string name, Func<string, T?> read, string wanted)
        where T : class
    {
        if (members.Optional(name) is not { } list)
            return null;
        var found = ImmutableArray.CreateBuilder<(string, T)>();
        foreach (var (node, pointer) in members.Items(list, name))
        {
            if (node.Kind == JsonKind.String && read(node.Text) is { } value)
                found.Add((node.Text, value));
            else
                members.Error(node, pointer, $"write {wanted}, not {MemberReader.Quote(node)}");
        }

        if (list is { Kind: JsonKind.Array, Items.IsEmpty: true })
            members.Error(list, members.PointerTo(name),
                $"\"{name}\" is empty, so the condition is never met: write {wanted}");
        return found.ToImmutable();
    }

    private static DayOfWeek[]? ReadDays(string text)
    {
        var ends = text.Split('-');
        var (first, last) = (Array.IndexOf(Days, ends[0]), Array.IndexOf(Days, ends[^1]));
        return ends.Length > 2 || first < 0 || last < 0
            ? null
            : [.. Enumerable.Range(first, ((last - first + 7) % 7) + 1).Select(static day => (DayOfWeek)(day % 7))];
    }

    private static HoursOfDay? ReadHours(string text)
    {
        if (Hours().Match(text) is not { Success: true } match)
            return null;
        var (from, to) = (Minutes(match, 1), Minutes(match, 3));
        return from == to || from >= 24 * 60 || to > 24 * 60 ? null : new HoursOfDay(from, to);
    }

    private static int Minutes(Match match, int group) =>
        (int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * 60)
        + int.Parse(match.Groups[group + 1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hours();
}
