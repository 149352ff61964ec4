namespace Gateway.Policy.Tests.Oracle;

/// <summary><c>path_in</c>, decided by expressions over the whole path instead of segments.</summary>
internal static class OraclePath
{
    private const string Ambiguous = @"^$|^//|\\|[\p{Cc}\p{Cf}\p{Cn}\p{Mn}\p{Me}\u212a\u017f\u0130\u0131\u037e\u1fef]"
        + @"|%(?:25|2[eE]|2[fF]|5[cC])|^(?:\.?/)*(?:~|[^/]*:)|(?:^|/)(?!\.(?:/|$))[^/]*[. ](?:/|$)";

    public static bool? IsIn(string path, IEnumerable<string> folders)
    {
        if (Regex.IsMatch(path, Ambiguous))
            return null;
        var clean = Regex.Replace($"/{path}/", "/(?:\\.?/)+", "/");
        bool?[] each = [.. folders.Select(folder => (path[0] == '/') == (folder[0] == '/')
            ? IsBelow(clean, folder == "/" ? "/" : $"/{folder.TrimStart('/')}/")
            : null)];
        return each.Contains(true) ? true : each.Contains(null) ? null : false;
    }

    private static bool? IsBelow(string path, string folder)
    {
        if (path.StartsWith(folder, StringComparison.Ordinal))
            return true;
        // Case, and letters beyond ASCII that a file system may normalize.
        var alike = string.Join('/', folder.Split('/').Select(static segment => segment.All(char.IsAscii)
            ? Regex.Escape(segment)
            : $"(?:{Regex.Escape(segment)}|[^/]*[^\\x00-\\x7f/][^/]*)"));
        return Regex.IsMatch(path, $"^{alike}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant) ? null : false;
    }
}
