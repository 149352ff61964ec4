using Gateway.Catalogue.Keeping;
using Gateway.Policy.Text;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>
/// The findings in the app of a tool, compared with the accepted app. A finding is hard if an accepted app now has more
/// origins, permissions or scripts from elsewhere. They are derived and shown; the drift of the tool decides.
/// </summary>
internal static class AppFindings
{
    private const string InlineScript = "sha256-";

    /// <summary>Returns the findings; none for an accepted app.</summary>
    public static IReadOnlyList<Finding> Of(KeptItem? tool)
    {
        if (tool?.App is not { } now || now.IsSameAs(tool.Accepted?.App))
            return [];
        var was = tool.Accepted?.App;
        List<string> origins = [.. Origins(now).Except(Origins(was))];
        List<string> permissions = [.. (now.Permissions ?? []).Except(was?.Permissions ?? [])];
        List<string> scripts = [.. (now.Scripts ?? []).Except(was?.Scripts ?? [])];
        var isElsewhere = scripts.Exists(static one => !one.StartsWith(InlineScript, StringComparison.Ordinal));
        List<Finding> found = [];
        if (now.Problem is { } problem)
            Add("app_page", false, "sha256", $"The page of the app is unknown: {problem}");
        else if (now.Sha256 != was?.Sha256)
            Add("app_page", false, "sha256", was is null
                ? "The page of the app has not been accepted." : "The page of the app differs from the accepted one.");
        if (origins.Count > 0)
            Add("app_origin", was is not null, "origins",
                $"The app names {Spelling.Count(origins.Count, "external origin")} without acceptance.");
        if (permissions.Count > 0)
            Add("app_permission", was is not null, "permissions",
                $"The app requests {Spelling.Count(permissions.Count, "permission")} without acceptance.");
        if (scripts.Count > 0)
            Add("app_script", was is not null && isElsewhere, "scripts",
                $"The page has {Spelling.Count(scripts.Count, "script")} without acceptance"
                + (isElsewhere ? ", some of them from other addresses." : "."));
        return found;

        void Add(string kind, bool isHard, string member, string reason) =>
            found.Add(new Finding(kind, isHard, $"/app/{member}", reason));
    }

    private static IEnumerable<string> Origins(AppContent? app) =>
        (app?.Origins ?? []).Concat((app?.Csp?.Values ?? []).SelectMany(static one => one));
}
