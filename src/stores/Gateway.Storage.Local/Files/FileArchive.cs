using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>A folder a shelf, a file an entry with its very bytes; made when there is something to keep.</summary>
internal sealed class FileArchive(string directory) : IArchive
{
    private readonly Lock _lock = new();

    public ValueTask KeepAsync(
        string shelf, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, ControlDocument.BytesMax, nameof(content));
        Do(shelf, folder =>
        {
            ControlFolder.MakeFolder(directory);
            ControlFolder.MakeFolder(folder);
            var path = PathOf(folder, number);
            if (!File.Exists(path))
                ControlFolder.Replace(path, content.Span);
            foreach (var old in Numbers(folder).Skip(most))
                File.Delete(PathOf(folder, old));
            return true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string shelf, CancellationToken cancellationToken) =>
        new(Do(shelf, static folder => Numbers(folder).Select(number =>
        {
            var bytes = File.ReadAllBytes(PathOf(folder, number));
            return new ArchiveEntry(number, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }).ToImmutableArray()));

    public ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string shelf, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        new(Do<IReadOnlyDictionary<long, byte[]>>(shelf, folder => numbers
            .Where(number => File.Exists(PathOf(folder, number)))
            .ToDictionary(static number => number, number => File.ReadAllBytes(PathOf(folder, number)))));

    private T Do<T>(string shelf, Func<string, T> work)
    {
        var folder = Path.Combine(directory, DocumentName.Of(shelf)[..^DocumentName.Extension.Length]);
        try
        {
            lock (_lock)
                return work(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlStoreException($"The archive in {folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The greatest first; what a crash left unfinished has another ending.</summary>
    private static List<long> Numbers(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "*" + DocumentName.Extension)
            .Select(static path => long.TryParse(
                Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : 0)
            .Where(static number => number > 0)
            .OrderDescending(),
    ];

    private static string PathOf(string folder, long number) => Path.Combine(
        folder, string.Create(CultureInfo.InvariantCulture, $"{number:D19}{DocumentName.Extension}"));
}
