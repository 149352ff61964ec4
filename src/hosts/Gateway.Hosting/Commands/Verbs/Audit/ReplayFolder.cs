using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Replaying;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;
using Gateway.Storage.Local.Files;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>A replay of the records in data directories, which may be in use by gateways; it changes nothing.</summary>
internal static class ReplayFolder
{
    /// <summary>Returns the report; null after an error message.</summary>
    /// <param name="data">The data directories.</param>
    /// <param name="request">The replay, without sources and lists.</param>
    /// <param name="listed">The file of the lists; null for those of the first directory.</param>
    /// <param name="argumentsAge">The age at which recorded argument values expire.</param>
    /// <param name="progress">The output for the progress.</param>
    /// <param name="cancellation">Cancels the replay.</param>
    public static async Task<ReplayResult?> RunAsync(
        IReadOnlyList<DirectoryInfo> data, ReplayRequest request, FileInfo? listed, TimeSpan argumentsAge,
        ReplayProgressLine progress, CancellationToken cancellation)
    {
        var oldestMs = new RecordedArgumentsOptions { AgeMax = argumentsAge }.OldestMs(TimeProvider.System);
        var (sources, values) = (new List<RecordSource>(), new List<ArgumentReader>());
        NamedLists? lists = null;
        string? server = null;
        foreach (var one in data.DistinctBy(static one => Path.TrimEndingDirectorySeparator(one.FullName)))
        {
            var audit = Path.Combine(one.FullName, "audit");
            if (!Directory.Exists(audit))
            {
                Console.Error.WriteLine(
                    $"{one} has no audit log: name the directory that a gateway uses as --data.");
                return null;
            }

            if (Documents(Path.Combine(one.FullName, "control")) is not { } documents)
                return null;
            server ??= request.Server is { } written ? FirstNameOf(documents, written) : null;
            lists ??= listed is null ? ListsOf(documents) : PolicyFile.Lists(listed);
            if (lists is null)
                return null;
            values.Add(new ArgumentReader(
                Path.Combine(one.FullName, "arguments"), SecretProtector.Opening(documents), oldestMs));
            sources.Add(new FolderSource(audit, values[^1]));
        }

        var run = new ReplayRun(request with { Sources = sources, Lists = lists, Server = server });
        try
        {
            var report = await Task.Run(
                () => run.Run(
                    at => progress.Show(at.Records, (double)at.Bytes / Math.Max(1, at.BytesTotal)), cancellation),
                cancellation);
            if (values.Sum(static one => one.Unopened) is > 0 and var unopened)
            {
                Console.Error.WriteLine(
                $"the recorded arguments of {Spelling.Count(unopened, "call")} cannot be decrypted, "
                    + "because the key is not in the same data directory");
            }

            return new ReplayResult(report, HasOthers: false);
        }
        finally
        {
            sources.ForEach(static source => source.Dispose());
        }
    }

    /// <summary>Returns the first name of a server, which records contain.</summary>
    private static string FirstNameOf(ControlSnapshot documents, string name) =>
        documents.OfKind(ControlKinds.ServerNames).FirstOrDefault(document =>
            document.ReadOrNull(ControlJsonContext.Default.ServerNamesDocument) is { } names
            && (names.Name == name || names.Former.Contains(name)))?.Key.Name ?? name;

    private static ControlSnapshot? Documents(string directory)
    {
        try
        {
            return FileControlStore.Peek(directory);
        }
        catch (Exception e) when (e is ControlStoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The control documents in {directory} cannot be read: {e.Message}");
            return null;
        }
    }

    private static NamedLists ListsOf(ControlSnapshot documents) => new(documents.OfKind(ControlKinds.Lists)
        .ToDictionary(static document => document.Key.Name, static document => Parse(document)));

    // A list that cannot be read denies, as in a gateway.
    private static NamedList? Parse(ControlDocument document)
    {
        try
        {
            var list = JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.ListDocument);
            return list is null ? null : new NamedList([.. list.Values]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
