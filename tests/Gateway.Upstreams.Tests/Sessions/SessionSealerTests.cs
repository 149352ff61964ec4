using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Upstreams.Tests.Sessions;

public class SessionSealerTests
{
    private readonly IDataProtectionProvider _keys = new EphemeralDataProtectionProvider();

    [Fact]
    public void Another_frontend_with_the_same_keys_opens_the_session()
    {
        var id = new SessionSealer(_keys).Seal("grant", "afip", "s-1 é");
        var session = new SessionSealer(_keys).Open(id, "grant", "afip");

        Assert.Equal("s-1 é", session!.UpstreamId);
        Assert.Matches("^[0-9a-f]{32}$", session.CounterId);
        Assert.Matches("^[!-~]+$", id);
        Assert.DoesNotContain("s-1", id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-11-05", false)]
    [InlineData("2025-03-26", true)]
    [InlineData("2025-06-18", false)]
    [InlineData("2025-11-25", true)]
    public void Sealed_id_keeps_the_agreed_revision_and_opens_in_the_previous_release(string revision, bool opensUrls)
    {
        var id = new SessionSealer(_keys).Seal("grant", "afip", "s-1", opensUrls, revision);

        var session = new SessionSealer(_keys).Open(id, "grant", "afip")!;
        Assert.Equal((revision, opensUrls, "s-1"), (session.Revision, session.OpensUrls, session.UpstreamId));
        Assert.Equal(opensUrls ? ["grant", "afip", "s-1", "url"] : ["grant", "afip", "s-1"], OpenBefore(id));
    }

    [Fact]
    public void Sealed_id_of_the_previous_release_opens_without_a_revision()
    {
        var sealer = new SessionSealer(_keys);

        Assert.Null(sealer.Open(sealer.Seal("grant", "afip", "s-1"), "grant", "afip")!.Revision);
        Assert.Null(sealer.Open(sealer.Seal("grant", "afip", "s-2", false, "2099-01-01"), "grant", "afip")!.Revision);
    }

    /// <summary>Reads an id as releases before the revision did: a rest that is too short is skipped.</summary>
    private List<string> OpenBefore(string id)
    {
        var bytes = _keys.CreateProtector("Gateway.Mcp.Session.v1")
            .Unprotect(Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(id)).AsSpan();
        var parts = new List<string>();
        while (bytes.Length >= 4)
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);
            parts.Add(Encoding.UTF8.GetString(bytes.Slice(4, length)));
            bytes = bytes[(4 + length)..];
        }

        return parts;
    }

    [Fact]
    public void A_session_counts_under_one_name_however_often_it_is_sealed()
    {
        var sealer = new SessionSealer(_keys);
        var first = sealer.Open(sealer.Seal("g", "s", "1"), "g", "s")!.CounterId;
        var second = sealer.Open(sealer.Seal("g", "s", "1"), "g", "s")!.CounterId;
        var other = sealer.Open(sealer.Seal("g", "s", "2"), "g", "s")!.CounterId;

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Parts_that_run_together_alike_are_different_sessions()
    {
        var sealer = new SessionSealer(_keys);
        Assert.NotEqual(
            sealer.Open(sealer.Seal("ab", "c", "d"), "ab", "c")!.CounterId,
            sealer.Open(sealer.Seal("a", "bc", "d"), "a", "bc")!.CounterId);
    }

    [Theory]
    [InlineData("other", "afip")]
    [InlineData("grant", "other")]
    [InlineData("", "")]
    public void Denies_when_the_session_is_another_grant_s_or_another_server_s(string grant, string server)
    {
        var sealer = new SessionSealer(_keys);
        var id = sealer.Seal("grant", "afip", "s-1");

        Assert.NotNull(sealer.Open(id, "grant", "afip"));
        Assert.Null(sealer.Open(id, grant, server));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s-1")]
    [InlineData("!!!")]
    [InlineData("AAAA")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Denies_when_the_id_was_not_made_here(string id) =>
        Assert.Null(new SessionSealer(_keys).Open(id, "grant", "afip"));

    [Fact]
    public void Denies_when_any_character_of_the_id_was_changed_or_its_keys_are_others()
    {
        var id = new SessionSealer(_keys).Seal("grant", "afip", "s-1");
        var sealer = new SessionSealer(_keys);
        for (var i = 0; i < id.Length - 1; i++)
        {
            var changed = id.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.Null(sealer.Open(new string(changed), "grant", "afip"));
        }

        Assert.Null(new SessionSealer(new EphemeralDataProtectionProvider()).Open(id, "grant", "afip"));
        Assert.Null(sealer.Open(new string('A', SessionSealer.ClientIdCharsMax + 1), "grant", "afip"));
    }

    [Fact]
    public void A_client_keeps_its_id_while_the_session_is_the_same()
    {
        var sealer = new SessionSealer(_keys);
        var id = sealer.Seal("grant", "afip", "s-1");
        var binding = new SessionBinding(sealer, "grant", "afip");

        Assert.True(binding.TryBind(id));
        Assert.Equal("s-1", binding.Session!.UpstreamId);
        Assert.Equal(id, binding.ToClient("s-1"));
        Assert.Equal("s-2", sealer.Open(binding.ToClient("s-2"), "grant", "afip")!.UpstreamId);
    }

    [Fact]
    public void A_request_without_a_session_is_in_none_and_an_unknown_one_is_not_bound()
    {
        var binding = new SessionBinding(new SessionSealer(_keys), "grant", "afip");

        Assert.True(binding.TryBind(null));
        Assert.Null(binding.Session);
        Assert.False(binding.TryBind("s-1"));
    }
}
