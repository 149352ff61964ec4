using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Control.Contracts;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>
/// Options for the declared members of an object. Each sets its member in the body of a request, or in a merge patch.
/// </summary>
/// <param name="members">The members.</param>
/// <param name="required">The names of those whose options must be given.</param>
internal sealed class MemberOptions(IEnumerable<SpecMember> members, params string[] required)
{
    private readonly (SpecMember Member, Option Option)[] _all =
    [
        .. members.Where(static member => member.Declared.Placeholder is not null)
            .Select(member => (member, Create(member, required.Contains(member.Name)))),
    ];

    public Option[] All => [.. _all.Select(static one => one.Option)];

    public bool AnyIsGiven(SymbolResult result) =>
        _all.Any(one => result.GetResult(one.Option) is { Implicit: false });

    /// <summary>Sets the members whose options are given; returns false after an error message.</summary>
    public bool TryRead(ParseResult parsed, JsonObject body)
    {
        // A flag that is not given has an implicit result.
        foreach (var (member, option) in _all.Where(one => parsed.GetResult(one.Option) is { Implicit: false }))
        {
            JsonNode? value = member.Kind switch
            {
                MemberKind.Text when member.Declared.IsNumber
                    && long.TryParse(parsed.GetValue((Option<string>)option), NumberStyles.None,
                        CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
                MemberKind.Text or MemberKind.Choice => JsonValue.Create(parsed.GetValue((Option<string>)option)),
                MemberKind.Json => Json(option, parsed.GetValue((Option<string>)option)!),
                MemberKind.Map => Map(option, parsed.GetValue((Option<string[]>)option)!),
                MemberKind.List => List(parsed.GetValue((Option<string[]>)option)!),
                MemberKind.Flag => JsonValue.Create(parsed.GetValue((Option<bool>)option)),
                MemberKind.Whole => JsonValue.Create(parsed.GetValue((Option<long>)option)),
                _ => throw new NotSupportedException($"{option.Name} has the kind {member.Kind}."),
            };
            if (value is null)
                return false;
            body[member.NameOnWire] = value;
        }

        return true;
    }

    private static Option Create(SpecMember member, bool isRequired)
    {
        var name = "--" + member.Words.Replace(' ', '-');
        var text = member.Declared.Text;
        if (member.Kind == MemberKind.Map)
        {
            return new Option<string[]>(name.TrimEnd('s'))
            {
                Description = $"{text} Repeatable; KEY- removes one.",
                HelpName = member.Declared.Placeholder,
            };
        }

        if (member.Kind == MemberKind.List)
        {
            var list = new Option<string[]>(
                name.EndsWith("ies", StringComparison.Ordinal) ? $"{name[..^3]}y" : name.TrimEnd('s'))
            {
                Description = $"{text} Repeatable; \"\" clears it.",
                HelpName = member.Declared.Placeholder,
            };
            if (member.Declared.Choices.Length > 0)
                list.CompletionSources.Add(member.Declared.Choices);
            return list;
        }

        if (member.Kind == MemberKind.Flag)
            return new Option<bool>(name) { Description = $"{text} Default: no." };
        if (member.Kind == MemberKind.Whole)
        {
            return new Option<long>(name)
            {
                Description = member.Declared.Default > 0 ? $"{text} Default: {member.Declared.Default}." : text,
                HelpName = member.Declared.Placeholder,
                Required = isRequired,
            };
        }

        var option = new Option<string>(name)
        {
            Description = member.Kind switch
            {
                MemberKind.Text => member.Declared.LengthMin > 0 ? text : $"{text} \"\" for none.",
                MemberKind.Choice => text,
                MemberKind.Json => $"{text} A file with this as JSON; {{}} for none; - for standard input.",
                _ => throw new NotSupportedException($"{name} has the kind {member.Kind}."),
            },
            HelpName = member.Declared.Placeholder,
            Required = isRequired,
        };
        if (member.Kind == MemberKind.Choice)
            option.AcceptOnlyFromAmong(member.Declared.Choices);
        return option;
    }

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

    private static JsonArray List(string[] values) =>
        values is [""] ? [] : new JsonArray([.. values.Select(static value => (JsonNode)value)]);

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
}
