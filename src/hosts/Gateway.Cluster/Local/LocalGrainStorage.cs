using System.Security.Cryptography;
using System.Text;
using Orleans.Storage;

namespace Gateway.Cluster.Local;

/// <summary>
/// Grain storage in the files of a folder, for a fleet on one machine. A write compares the entity tag, which is random
/// for each write, and replaces the record, both under the file's lock.
/// </summary>
internal sealed class LocalGrainStorage(string folder, IGrainStorageSerializer serializer) : IGrainStorage
{
    private const int TagBytes = 16;

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = await LockedFile.UseAsync<byte[]?>(PathOf(stateName, grainId), static found => (null, found));
        grainState.RecordExists = found is not null;
        grainState.ETag = TagOf(found);
        grainState.State = found is null
            ? Activator.CreateInstance<T>()
            : serializer.Deserialize<T>(new BinaryData(found.AsMemory(TagBytes)));
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var tag = RandomNumberGenerator.GetBytes(TagBytes);
        var content = serializer.Serialize(grainState.State).ToArray();
        await ReplaceAsync(stateName, grainId, grainState, [.. tag, .. content]);
        (grainState.ETag, grainState.RecordExists) = (Convert.ToHexStringLower(tag), true);
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await ReplaceAsync(stateName, grainId, grainState, []);
        (grainState.ETag, grainState.RecordExists) = (null, false);
    }

    private async Task ReplaceAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[] next)
    {
        var expected = grainState.ETag;
        var stored = await LockedFile.UseAsync(PathOf(stateName, grainId), found =>
        {
            var tag = TagOf(found);
            return (tag == expected ? next : null, tag);
        });
        if (stored != expected)
            throw new InconsistentStateException("The record was changed by another silo.", stored, expected);
    }

    private static string? TagOf(byte[]? record) =>
        record is null ? null : Convert.ToHexStringLower(record.AsSpan(0, TagBytes));

    /// <summary>Maps a name of any characters and length to a file name.</summary>
    private string PathOf(string stateName, GrainId grainId) => Path.Combine(
        folder, $"{stateName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{grainId}")))}");
}
