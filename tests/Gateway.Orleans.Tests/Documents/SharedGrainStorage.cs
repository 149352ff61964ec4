namespace Gateway.Orleans.Tests.Documents;

/// <summary>
/// A grain storage in the memory of the test, shared by every silo of it, so that it outlives them. It compares entity
/// tags, and can be told to take its time or to hide what became of a write.
/// </summary>
internal sealed class SharedGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (string Tag, byte[] Json)> _records = new();
    private int _tags;

    /// <summary>Called with the record's name before a write is applied.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with the record's name after a write was applied.</summary>
    public Func<string, Task> AfterWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with the record's name before it is read.</summary>
    public Func<string, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>The names of what lies here.</summary>
    public IEnumerable<string> Names => _records.Keys;

    /// <summary>What lies here, each record as JSON.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Records =>
        _records.Select(static record => KeyValuePair.Create(record.Key, record.Value.Json));

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await BeforeRead(stateName);
        if (_records.TryGetValue($"{stateName}/{grainId}", out var record))
        {
            (grainState.ETag, grainState.RecordExists) = (record.Tag, true);
            grainState.State = JsonSerializer.Deserialize<T>(record.Json)!;
        }
        else
        {
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await BeforeWrite(stateName);
        var name = $"{stateName}/{grainId}";
        var next = ($"{Interlocked.Increment(ref _tags)}", JsonSerializer.SerializeToUtf8Bytes(grainState.State));
        var isApplied = grainState.ETag is null
            ? _records.TryAdd(name, next)
            : _records.TryGetValue(name, out var found) && found.Tag == grainState.ETag
                && _records.TryUpdate(name, next, found);
        if (!isApplied) throw new InconsistentStateException($"Another version of {name} is there.");
        await AfterWrite(stateName);
        (grainState.ETag, grainState.RecordExists) = (next.Item1, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = $"{stateName}/{grainId}";
        if (_records.TryGetValue(name, out var found) && found.Tag == grainState.ETag)
            _records.TryRemove(KeyValuePair.Create(name, found));
        return Task.CompletedTask;
    }
}
