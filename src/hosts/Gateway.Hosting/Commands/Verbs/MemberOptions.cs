using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Control.Contracts;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>
/// Options for the declared members of an object. Each sets its member in the body of a request, or in a merge patch.
/// </summary>
/// <param name="members">The members. Those of an object among them have options of their own.</param>
/// <param name="required">The names of those whose options must be given.</param>
internal sealed class MemberOptions(IEnumerable<SpecMember> members, params string[] required)
{
    private readonly (SpecMember? Owner, SpecMember Member, Option Option)[] _all =
    [
        .. from member in members
           from leaf in member.Kind == MemberKind.Object ? member.Members : [member]
           where leaf.Declared.Placeholder is not null
           let owner = leaf == member ? null : member
           select (owner, leaf, Create(leaf, NameOf(owner, leaf), required.Contains(leaf.Name))),
    ];

    public Option[] All => [.. _all.Select(static one => one.Option)];

    /// <summary>Refuses a command line that has none of the options.</summary>
    public static void RequireOne(Command command, params Option[] options) => command.Validators.Add(result =>
    {
        // A flag that is not given has an implicit result.
        if (!options.Any(option => result.GetResult(option) is { Implicit: false }))
            result.AddError($"Give at least one of {string.Join(", ", options.Select(static one => one.Name))}.");
    });

    /// <summary>Sets the members whose options are given; returns false after an error message.</summary>
    public bool TryRead(ParseResult parsed, JsonObject body)
    {
        foreach (var (owner, member, option) in _all.Where(one => parsed.GetResult(one.Option) is { Implicit: false }))
        {
            if (!TryRead(parsed, member, option, out var value))
                return false;
            if (owner is null)
            {
                body[member.NameOnWire] = value;
                continue;
            }

            if (body[owner.NameOnWire] is not JsonObject inner)
                body[owner.NameOnWire] = inner = [];
            // An empty text removes a member of the body itself; one of an inner object is removed by null.
            inner[member.NameOnWire] = value is JsonValue text && text.TryGetValue(out string? word) && word.Length == 0
                ? null : value;
        }

        return true;
    }

    private static bool TryRead(ParseResult parsed, SpecMember member, Option option, out JsonNode? value)
    {
        var text = (option as Option<string>) is { } one ? parsed.GetValue(one)! : "";
        var texts = (option as Option<string[]>) is { } many ? parsed.GetValue(many)! : [];
        value = member.Kind switch
        {
            MemberKind.Text when member.Declared.Placeholder == MemberAttribute.File => FileText(text),
            MemberKind.Text when member.Declared.IsNumber
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) => whole,
            MemberKind.Choice when text == member.Declared.Absent => "",
            MemberKind.Text or MemberKind.Choice => text,
            MemberKind.Json => Json(option, text),
            MemberKind.Map when member.Declared.Placeholder == MemberAttribute.Header =>
                Headers(option, texts, member.Declared.IsSecret),
            MemberKind.Map => Map(option, texts),
            MemberKind.WholeMap => WholeMap(option, texts),
            MemberKind.List => texts is [""] ? [] : new JsonArray([.. texts.Select(static part => (JsonNode)part)]),
            MemberKind.Flag => parsed.GetValue((Option<bool>)option),
            MemberKind.Whole => Whole(option, member.Declared, parsed.GetValue((Option<long>)option)),
            _ => throw new NotSupportedException($"{option.Name} has the kind {member.Kind}."),
        };
        if (value is null)
            return false;
        if (member is { Kind: MemberKind.Whole, Declared.Min: > 0 } && (long)value == 0)
            value = null;
        return true;
    }

    /// <summary>Returns the name of an option; one that can be repeated is in the singular.</summary>
    private static string NameOf(SpecMember? owner, SpecMember member)
    {
        var name = "--" + (member.Declared.Option
            ?? $"{owner?.Words} {member.Words}".TrimStart().Replace(' ', '-'));
        return member.Declared.Option is not null
                || member.Kind is not (MemberKind.Map or MemberKind.WholeMap or MemberKind.List) ? name
            : name.EndsWith("ies", StringComparison.Ordinal) ? $"{name[..^3]}y" : name.TrimEnd('s');
    }

    private static Option Create(SpecMember member, string name, bool isRequired)
    {
        var declared = member.Declared;
        var text = declared.IsSecret ? $"{declared.Text} Encrypted at rest, never shown again." : declared.Text;
        text = member.Kind switch
        {
            MemberKind.Text when declared.Placeholder == MemberAttribute.File =>
                $"{text} A file with this; - for standard input.",
            MemberKind.Text when declared.LengthMin == 0 => $"{text} \"\" for none.",
            MemberKind.Choice when declared.Absent is not null => $"{text} \"{declared.Absent}\" removes it.",
            MemberKind.Json => $"{text} A file with this as JSON; {{}} for none; - for standard input.",
            MemberKind.Map when declared.Placeholder == MemberAttribute.Header => declared.IsSecret
                ? $"{text} Repeatable, as \"Name: value\"; the given headers replace all."
                : $"{text} Repeatable, as \"Name: value\"; \"Name:\" removes one.",
            MemberKind.Map => $"{text} Repeatable; KEY- removes one.",
            MemberKind.WholeMap => $"{text} Repeatable; {declared.Placeholder!.Split('=')[0]}=0 removes one.",
            MemberKind.List => declared.CountMin > 0 ? $"{text} Repeatable." : $"{text} Repeatable; \"\" clears it.",
            MemberKind.Flag => $"{text} Default: no.",
            MemberKind.Whole when declared.Default > 0 => $"{text} Default: {declared.Default}.",
            MemberKind.Whole when declared.Min > 0 => $"{text} 0 for none.",
            MemberKind.Text or MemberKind.Choice or MemberKind.Whole => text,
            _ => throw new NotSupportedException($"{name} has the kind {member.Kind}."),
        };
        Option option = member.Kind switch
        {
            MemberKind.Flag => new Option<bool>(name),
            MemberKind.Whole => new Option<long>(name) { Required = isRequired },
            MemberKind.Map or MemberKind.WholeMap or MemberKind.List => new Option<string[]>(name),
            MemberKind.Text or MemberKind.Choice or MemberKind.Json =>
                new Option<string>(name) { Required = isRequired },
            _ => throw new NotSupportedException($"{name} has the kind {member.Kind}."),
        };
        option.Description = text;
        if (member.Kind != MemberKind.Flag)
            option.HelpName = declared.Placeholder;
        if (member.Kind == MemberKind.Choice)
            ((Option<string>)option).AcceptOnlyFromAmong([.. declared.Choices, .. Absent(declared)]);
        else if (declared.Choices.Length > 0)
            option.CompletionSources.Add(declared.Choices);
        return option;
    }

    private static string[] Absent(MemberAttribute declared) => declared.Absent is { } word ? [word] : [];

    private static string? FileText(string file) =>
        InputFile.Read(new FileInfo(file)) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;

    private static JsonObject? Json(Option option, string file)
    {
        if (InputFile.Read(new FileInfo(file)) is not { } bytes)
            return null;
        try
        {
            if (JsonNode.Parse(bytes) is JsonObject json)
                return json;
            Console.Error.WriteLine($"{option.Name} {file} must be a JSON object.");
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"{option.Name} {file} is not valid JSON: {Policy.Json.JsonErrors.Describe(e)}.");
        }

        return null;
    }

    private static JsonObject? Map(Option option, string[] pairs)
    {
        var map = new JsonObject();
        foreach (var pair in pairs)
        {
            (string key, string? value) = pair.Split('=', 2) is [var left, var right] ? (left, right)
                : pair.EndsWith('-') ? (pair[..^1], null) : ("", (string?)null);
            if (key.Length > 0 && map.TryAdd(key, value))
                continue;
            Console.Error.WriteLine($"{option.Name} \"{pair}\" {(key.Length == 0
                ? $"is incomplete; write {option.Name} KEY=VALUE, or KEY- to remove one."
                : "sets a key for the second time; write it once.")}");
            return null;
        }

        return map;
    }

    private static JsonNode? Whole(Option option, MemberAttribute declared, long number)
    {
        if (number == 0 || (number >= declared.Min && number <= declared.Max))
            return number;
        Console.Error.WriteLine(
            $"{option.Name} {number} is not a whole number from {declared.Min} to {declared.Max}.");
        return null;
    }

    private static JsonObject? WholeMap(Option option, string[] pairs)
    {
        var map = new JsonObject();
        foreach (var pair in pairs)
        {
            var at = pair.LastIndexOf('=');
            if (at <= 0
                || !int.TryParse(pair[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            {
                Console.Error.WriteLine($"\"{pair}\" is not valid; write {option.Name} as {option.HelpName}.");
                return null;
            }

            map[pair[..at]] = whole == 0 ? null : whole;
        }

        return map;
    }

    // An empty value of a secret is probably a variable that is not set, so it removes nothing.
    private static JsonObject? Headers(Option option, string[] headers, bool isSecret)
    {
        var map = new JsonObject();
        foreach (var header in headers)
        {
            if (header.Split(':', 2) is not [{ Length: > 0 } name, var value])
            {
                Console.Error.WriteLine($"Write {option.Name} as \"Name: value\".");
                return null;
            }

            map[name.Trim()] = value.Trim() is { Length: > 0 } given ? given : isSecret ? "" : null;
        }

        return map;
    }
}
