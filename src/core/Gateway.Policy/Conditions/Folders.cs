using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// The operand of <c>path_in</c>: folders, all absolute or all relative. Paths are compared as text, segment by
/// segment; links are not resolved.
/// </summary>
internal sealed class Folders
{
    public const int CountMax = 100;
    public const int LengthMax = 512;

    private static readonly string[] Escapes = ["%25", "%2e", "%2f", "%5c"];
    private readonly bool _isAbsolute;
    private readonly ImmutableArray<string[]> _folders;

    private Folders(ImmutableArray<string> folders, bool isAbsolute)
    {
        (Texts, _isAbsolute) = (folders, isAbsolute);
        _folders = [.. folders.Select(static folder => folder.Split('/', StringSplitOptions.RemoveEmptyEntries))];
    }

    /// <summary>The folders as they are written.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Creates the folders; null if some are absolute and others are relative.</summary>
    /// <param name="folders">Folders that <see cref="IsFolder"/> accepts.</param>
    public static Folders? Of(IReadOnlyCollection<string> folders)
    {
        var absolute = folders.Count(static folder => folder[0] == '/');
        return absolute == 0 || absolute == folders.Count ? new([.. folders], absolute > 0) : null;
    }

    /// <summary>Returns true for a folder in the only form in which every program reads it alike.</summary>
    public static bool IsFolder(string text) =>
        CodePoints.Count(text) is > 0 and <= LengthMax
        && (text == "/" || (Segments(text) is { } segments && string.Join('/', segments) == text.TrimStart('/')));

    /// <summary>
    /// Returns true if a path is one of the folders or below one. A path that two programs could read as different
    /// folders cannot be compared.
    /// </summary>
    public TriState Contain(JsonNode argument, in EvaluationContext call)
    {
        var steps = (1 + (argument.Text.Length / WorkBudget.CharactersPerStep)) * (1L + _folders.Length);
        if (argument.Kind != JsonKind.String || !call.Work.Spend(steps) || Segments(argument.Text) is not { } path
            || (argument.Text[0] == '/') != _isAbsolute)
            return TriState.Incomparable;
        var isIn = TriState.False;
        foreach (var folder in _folders)
            isIn = TriStateTable.Or(isIn, Contains(folder, path));
        return isIn;
    }

    private static TriState Contains(string[] folder, string[] path)
    {
        if (path.Length < folder.Length)
            return TriState.False;
        var isIn = TriState.True;
        for (var i = 0; i < folder.Length; i++)
        {
            if (folder[i] == path[i])
                continue;
            if (!AreAlike(folder[i], path[i]))
                return TriState.False;
            isIn = TriState.Incomparable;
        }

        return isIn;
    }

    // Some file systems ignore case, and some normalize letters beyond ASCII.
    private static bool AreAlike(string folder, string segment) =>
        folder.Equals(segment, StringComparison.OrdinalIgnoreCase)
        || (!Ascii.IsValid(folder) && !Ascii.IsValid(segment));

    /// <summary>Returns the segments; null if programs could read them differently.</summary>
    private static string[]? Segments(string path)
    {
        if (path.Length == 0 || path.StartsWith("//", StringComparison.Ordinal) || !path.All(IsPlain)
            || Escapes.Any(escape => path.Contains(escape, StringComparison.OrdinalIgnoreCase)))
            return null;
        string[] segments = [.. path.Split('/').Where(static segment => segment is not ("" or "."))];
        // A home folder, a drive, or the scheme of a URL.
        var isRooted = segments is [var first, ..] && (first[0] == '~' || first.Contains(':'));
        // Windows removes dots and spaces at the end of a name.
        return isRooted || segments.Any(static segment => segment[^1] is '.' or ' ') ? null : segments;
    }

    /// <summary>
    /// Returns false for a separator of another system, for characters that file systems ignore or combine with
    /// others, and for characters beyond ASCII that they may take for one of ASCII (Kelvin sign, long s, i with and
    /// without dot, Greek question mark, grave accent).
    /// </summary>
    private static bool IsPlain(char character) => character is >= ' ' and < '\x7f' ? character != '\\'
        : character is not ('\u212a' or '\u017f' or '\u0130' or '\u0131' or '\u037e' or '\u1fef')
            && char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);
}
