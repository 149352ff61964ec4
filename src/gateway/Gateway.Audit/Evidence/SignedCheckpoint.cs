using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Gateway.Audit.Evidence;

/// <summary>A checkpoint as it is stored: one line of JSON.</summary>
/// <param name="Note">The C2SP signed note: the checkpoint's text and its signatures.</param>
/// <param name="Keys">The public keys that signed it, SubjectPublicKeyInfo in Base64.</param>
/// <param name="Peaks">The roots of the tree's complete subtrees, from which its growth can be followed.</param>
public sealed record SignedCheckpoint(string Note, IReadOnlyList<string> Keys, IReadOnlyList<string> Peaks)
{
    /// <summary>
    /// The parsed checkpoint; null if the note is not one. <see cref="CheckpointKeys"/> verifies the signatures.
    /// </summary>
    [JsonIgnore]
    public Checkpoint? Checkpoint => field ??= Checkpoint.Parse(CheckpointKeys.TextOf(Note));

    /// <summary>Returns the SHA-256 of the signed text in Base64, which the next chain's checkpoints contain.</summary>
    internal string TextHash() => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(CheckpointKeys.TextOf(Note))));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignedCheckpoint))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
