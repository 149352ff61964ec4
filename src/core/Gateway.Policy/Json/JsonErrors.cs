using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Json;

/// <summary>
/// Describes errors of System.Text.Json for the author of the JSON, with the member and the location, and without names
/// of .NET types.
/// </summary>
public static partial class JsonErrors
{
    /// <summary>Returns one sentence, without a period at its end.</summary>
    public static string Describe(JsonException error)
    {
        var message = Tail().Replace(error.Message, "").TrimEnd().TrimEnd('.');
        var place = Pointer(error.Path);
        if (Missing().Match(message) is { Success: true } missing)
        {
            var names = missing.Groups[1].Value.Split(", ").Select(static name => $"\"{name.Trim('\'')}\"").ToList();
            return $"{string.Join(" and ", names)} {(names.Count == 1 ? "is" : "are")} missing{At(place)}";
        }

        if (Unmapped().Match(message) is { Success: true } unmapped)
        {
            // The path already ends with the member.
            return $"\"{unmapped.Groups[1].Value}\" is not a known member{At(Parent(place))}; "
                + "remove it, or correct its name";
        }

        if (Duplicate().Match(message) is { Success: true } duplicate)
            return $"\"{duplicate.Groups[1].Value}\" occurs twice{At(Parent(place))}; write it once";
        if (Converted().Match(message) is { Success: true } converted)
        {
            // Generated serializers name the type around the member, and the reader's error inside the member's.
            var wanted = Wanted().Match(error.InnerException?.Message ?? "");
            var kind = Kind(wanted.Success ? $"System.{wanted.Groups[1].Value}" : converted.Groups[1].Value);
            return $"{(place.Length == 0 ? "the value" : place)} must be {kind}";
        }

        return error.LineNumber is { } line && error.BytePositionInLine is { } column && !IsOwn(error)
            ? $"line {line + 1}, byte {column + 1}: {message}"
            : $"{message}{At(place)}";
    }

    // Converters of this project throw without a position; the serializer adds the position later, but not to the text.
    private static bool IsOwn(JsonException error) =>
        !error.Message.Contains("LineNumber: ", StringComparison.Ordinal);

    private static string At(string pointer) => pointer.Length == 0 ? "" : $" at {pointer}";

    private static string Parent(string pointer) => pointer[..Math.Max(0, pointer.LastIndexOf('/'))];

    // A path of the serializer: $.member, $['member with dots'], $[0].
    private static string Pointer(string? path) => path is null ? "" : string.Concat(
        Steps().Matches(path).Select(static step => "/" + (step.Groups[1].Success ? step.Groups[1]
            : step.Groups[2].Success ? step.Groups[2] : step.Groups[3]).Value));

    private const string Nullable = "System.Nullable`1[";

    private static string Kind(string type) => type switch
    {
        _ when type.StartsWith(Nullable, StringComparison.Ordinal) => Kind(type[Nullable.Length..]),
        _ when Strings().IsMatch(type) => "a string",
        _ when type.StartsWith("System.Boolean", StringComparison.OrdinalIgnoreCase) => "true or false",
        _ when Numbers().IsMatch(type) => "a number in the permitted range",
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "an object",
        _ when Lists().IsMatch(type) => "an array",
        _ => "a value of the documented kind",
    };

    [GeneratedRegex(@"\s*(?:Path: \S+ \| )?(?:LineNumber: \d+ \| BytePositionInLine: \d+\.?)|"
        + @"\s*Change the reader options\.|\s*Path: [^|]*$")]
    private static partial Regex Tail();

    [GeneratedRegex(@"required properties including: (.+)$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '(.+)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex(@"^Duplicate property '(.+)' encountered")]
    private static partial Regex Duplicate();

    [GeneratedRegex(@"^The JSON value could not be converted to (\S+?)$")]
    private static partial Regex Converted();

    [GeneratedRegex(@"^Cannot get the value of a token type '\w+' as an? (\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\.([^.\[\]]+)|\['(.*?)'\]|\[(\d+)\]")]
    private static partial Regex Steps();

    [GeneratedRegex(@"^System\.String(?!\[)", RegexOptions.IgnoreCase)]
    private static partial Regex Strings();

    [GeneratedRegex(@"^System\.(?:U?Int\d+|Double|Decimal|Single|Byte|Number)", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\[\]|List|Array|Enumerable|Set`1")]
    private static partial Regex Lists();
}
