using System.Diagnostics;
using System.Globalization;

namespace Gateway.Classifier;

/// <summary>
/// A log of every run on the part "test", with its commit, so that any tuning on that part leaves a trace.
/// </summary>
internal static class TestLog
{
    private const string Head = "# Runs of the classifier on the part \"test\" of labels.tsv: time, commit, figures.\n";

    public static string Add(string path, string root, Figures figures)
    {
        if (!File.Exists(path))
            File.WriteAllText(path, Head);
        var shares = Figures.Categories.Select(category =>
        {
            var ((right, there), (_, called)) = (figures.Recall(category), figures.Precision(category));
            return $"{category} {right}/{there} of {called}";
        });
        var commit = Commit(root);
        File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm}\t{commit}\tright {figures.Right}/{figures.Count}, ")
            + string.Create(CultureInfo.InvariantCulture,
                $"sure {figures.Sure}, grave as Read {figures.GraveAsRead}, rated Low {figures.RatedLow}; ")
            + string.Join(", ", shares) + "\n");
        return commit;
    }

    private static string Commit(string root)
    {
        var changed = Git(root, "status", "--porcelain").Length > 0 ? " with changes" : "";
        return Git(root, "rev-parse", "--short=12", "HEAD") + changed;
    }

    private static string Git(string root, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return text;
    }
}
