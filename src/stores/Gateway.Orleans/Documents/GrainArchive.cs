using System.Collections.Immutable;
using Gateway.Control.Documents;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>The archive of a cluster in a frontend, with one grain for each topic.</summary>
internal sealed class GrainArchive(IGrainFactory grains, TimeProvider time) : IArchive
{
    /// <summary>Time for which a request is retried while a silo stops and another takes over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    public async ValueTask KeepAsync(
        string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, ControlDocument.BytesMax, nameof(content));
        var bytes = content.ToArray();
        await PersistAsync(
            topic, grain => grain.KeepAsync(number, bytes, most), static problem => problem, cancellationToken);
    }

    public async ValueTask PutAsync(
        string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, ControlDocument.BytesMax, nameof(content));
        var bytes = content.ToArray();
        await PersistAsync(
            topic, grain => grain.PutAsync(number, bytes, least), static problem => problem, cancellationToken);
    }

    public async ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken)
    {
        var found = await PersistAsync(
            topic, static grain => grain.ListAsync(), static found => found.Problem, cancellationToken);
        return [.. found.Items.Select(static item => new ArchiveEntry(item.Number, item.Bytes, item.Sha256))];
    }

    public async ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken)
    {
        var found = await PersistAsync(
            topic, grain => grain.ReadAsync([.. numbers]), static found => found.Problem, cancellationToken);
        return found.Numbers.Zip(found.Contents).ToDictionary(static one => one.First, static one => one.Second);
    }

    /// <summary>
    /// Retries a request until it succeeds or patience ends; every request may be repeated, because an entry is stored
    /// only once.
    /// </summary>
    private async Task<T> PersistAsync<T>(
        string topic, Func<IArchiveGrain, ValueTask<T>> ask, Func<T, string?> problemOf, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            string? problem;
            try
            {
                var answer = await ask(grains.GetGrain<IArchiveGrain>(topic)).AsTask().WaitAsync(cancellation);
                problem = problemOf(answer);
                if (problem is null) return answer;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                problem = e.Message;
            }

            if (time.GetElapsedTime(began) >= Patience)
                throw new ControlStoreException($"The archive in grain storage is not available: {problem}");
            await Task.Delay(RetryAfter, time, cancellation);
        }
    }
}
