using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Gateway.Audit.Evidence;

/// <summary>A checkpoint as it is kept: one line of JSON.</summary>
/// <param name="Note">The C2SP signed note: the checkpoint's text and its signatures.</param>
/// <param name="Keys">The public keys that signed it, SubjectPublicKeyInfo in Base64.</param>
/// <param name="Peaks">The roots of the tree's whole subtrees: with these its growth can be followed from here on.
/// </param>
public sealed record SignedCheckpoint(string Note, IReadOnlyList<string> Keys, IReadOnlyList<string> Peaks)
{
    /// <summary>What it says; null where it is no checkpoint. Signed or not is asked of <see cref="CheckpointKeys"/>.
    /// </summary>
    [JsonIgnore]
    public Checkpoint? Checkpoint => field ??= Checkpoint.Parse(CheckpointKeys.TextOf(Note));

    /// <summary>The SHA-256 of the signed text, in Base64, which the next chain's checkpoints contain.</summary>
    internal string TextHash() => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(CheckpointKeys.TextOf(Note))));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignedCheckpoint))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
