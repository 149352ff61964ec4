namespace Gateway.Tidy.Tests.Code;

/// <summary>
/// JSDoc types without <c>any</c>: the type check ignores each use of such a value, so that a member which the API no
/// longer has is not found. <c>unknown</c> is checked.
/// </summary>
internal static partial class ScriptTypeRules
{
    public static IEnumerable<Offence> Check(string path, string text) =>
        from part in path.EndsWith(".ts", StringComparison.Ordinal) ? Whole().Matches(text) : Comments().Matches(text)
        from found in Anys().Matches(part.Value)
        let line = text.AsSpan(0, part.Index + found.Index).Count('\n') + 1
        select new Offence(path, line, "\"any\" in a type; write the type of openapi.json (Api.…), or \"unknown\"");

    [GeneratedRegex(@"/\*\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("^.*$", RegexOptions.Singleline)]
    private static partial Regex Whole();

    // After a brace, a colon, a bracket, a comma, an arrow or a bar; prose has a word or a period there.
    [GeneratedRegex(@"(?<=[{<(|:,>]\s*)any(?=(\[\])*\s*[}>)|,;\]])")]
    private static partial Regex Anys();
}
