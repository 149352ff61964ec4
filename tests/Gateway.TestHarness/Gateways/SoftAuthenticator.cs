using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// An authenticator with one passkey, and the browser in front of it: returns the results of
/// <c>navigator.credentials</c> as JSON. Every part can be falsified.
/// </summary>
public sealed class SoftAuthenticator(string domain = "localhost") : IDisposable
{
    private const byte Present = 0x01, Verified = 0x04, Attested = 0x40;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);

    /// <summary>The origin that the browser reports.</summary>
    public required string Origin { get; set; }

    /// <summary>The number of signatures, which each signature increases by one.</summary>
    public uint SignCount { get; set; }

    /// <summary>The account that it reports; null for none.</summary>
    public string? UserHandle { get; set; }

    /// <summary>True if the person was verified.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>True if the browser reports that a page of another site has the page in a frame.</summary>
    public bool IsCrossOrigin { get; set; }

    /// <summary>Creates its passkey.</summary>
    public JsonObject Create(JsonNode options)
    {
        UserHandle = (string)options["user"]!["id"]!;
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] data =
        [
            .. Head(Attested), .. new byte[16], 0, (byte)_id.Length, .. _id,
            0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!,
        ];
        byte[] attestation =
        [
            0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8,
            0x58, (byte)data.Length, .. data,
        ];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(ClientData("webauthn.create", options)),
            ["attestationObject"] = Text(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Signs in with it.</summary>
    /// <param name="options">The options of the request.</param>
    /// <param name="type">The type that the browser reports.</param>
    public JsonObject Get(JsonNode options, string type = "webauthn.get")
    {
        SignCount++;
        var (data, client) = (Head(0), ClientData(type, options));
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        var response = new JsonObject
        {
            ["clientDataJSON"] = Text(client),
            ["authenticatorData"] = Text(data),
            ["signature"] = Text(signature),
        };
        if (UserHandle is not null)
            response["userHandle"] = UserHandle;
        return Credential(response);
    }

    public void Dispose() => _key.Dispose();

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Text(_id),
        ["rawId"] = Text(_id),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private byte[] Head(byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, SignCount);
        return
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(Present | (IsVerified ? Verified : 0) | more),
            .. count,
        ];
    }

    private byte[] ClientData(string type, JsonNode options) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = (string)options["challenge"]!,
        ["origin"] = Origin,
        ["crossOrigin"] = IsCrossOrigin,
    }.ToJsonString());

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
