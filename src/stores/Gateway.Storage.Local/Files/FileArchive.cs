using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// An archive with a folder for each topic and a file with the exact bytes of each entry; folders are created on first
/// use.
/// </summary>
internal sealed class FileArchive(string directory) : IArchive
{
    private readonly Lock _lock = new();
    // Listing the folder at each write would cost more than the write. No other process writes there.
    private readonly Dictionary<string, SortedSet<long>> _numbers = new(StringComparer.Ordinal);

    public ValueTask KeepAsync(
        string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken)
    {
        Write(topic, number, content, isNew => isNew, numbers => numbers.Take(numbers.Count - most));
        return ValueTask.CompletedTask;
    }

    public ValueTask PutAsync(
        string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken)
    {
        Write(topic, number, content, static _ => true, numbers => numbers.TakeWhile(one => one < least));
        return ValueTask.CompletedTask;
    }

    public ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken) =>
        new(Do(topic, static folder => Numbers(folder).Select(number =>
        {
            var bytes = File.ReadAllBytes(PathOf(folder, number));
            return new ArchiveEntry(number, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }).ToImmutableArray()));

    public ValueTask<ImmutableArray<long>> NumbersAsync(string topic, CancellationToken cancellationToken) =>
        new(Do(topic, static folder => Numbers(folder).ToImmutableArray()));

    public ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        new(Do<IReadOnlyDictionary<long, byte[]>>(topic, folder => numbers
            .Where(number => File.Exists(PathOf(folder, number)))
            .ToDictionary(static number => number, number => File.ReadAllBytes(PathOf(folder, number)))));

    private void Write(
        string topic, long number, ReadOnlyMemory<byte> content, Func<bool, bool> isWritten,
        Func<SortedSet<long>, IEnumerable<long>> old)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, ControlDocument.BytesMax, nameof(content));
        Do(topic, folder =>
        {
            ControlFolder.MakeFolder(directory);
            ControlFolder.MakeFolder(folder);
            if (!_numbers.TryGetValue(topic, out var numbers))
                _numbers[topic] = numbers = [.. Numbers(folder)];
            if (isWritten(!numbers.Contains(number)))
                ControlFolder.Replace(PathOf(folder, number), content.Span);
            numbers.Add(number);
            foreach (var gone in old(numbers).ToList())
            {
                File.Delete(PathOf(folder, gone));
                numbers.Remove(gone);
            }

            // There is a topic for each object that ever existed, and its name is not reused.
            if (numbers.Count == 0)
            {
                _numbers.Remove(topic);
                Directory.Delete(folder);
            }

            return true;
        });
    }

    private T Do<T>(string topic, Func<string, T> work)
    {
        var folder = Path.Combine(directory, DocumentName.Of(topic)[..^DocumentName.Extension.Length]);
        try
        {
            lock (_lock)
                return work(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only the disk is conclusive now.
            lock (_lock)
                _numbers.Clear();
            throw new ControlStoreException($"The archive in {folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns the numbers in a folder, greatest first; unfinished files of a crash have another extension.
    /// </summary>
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
