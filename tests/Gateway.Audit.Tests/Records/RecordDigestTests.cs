using System.Security.Cryptography;
using Gateway.Audit.Records;

namespace Gateway.Audit.Tests.Records;

/// <summary>The hashes and salts of records.</summary>
public sealed class RecordDigestTests
{
    private const int SaltBytes = 16;

    [Fact]
    public void A_hash_is_that_of_both_runs_and_of_no_earlier_bytes()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var (first, second) in ((string, string)[])[("", ""), ("ab", "c"), ("a", "bc"), ("abc", "")])
        {
            RecordDigest.Hash(Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second), hash);

            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(first + second)), hash);
        }
    }

    [Fact]
    public async Task No_two_salts_are_equal_on_any_thread()
    {
        var salts = await Task.WhenAll(Enumerable.Range(0, 8).Select(static _ => Task.Run(static () =>
        {
            var own = new List<string>();
            var salt = new byte[SaltBytes];
            for (var i = 0; i < 1000; i++)
            {
                RecordDigest.FillSalt(salt);
                own.Add(Convert.ToHexString(salt));
            }

            return own;
        })));

        Assert.Equal(8000, salts.SelectMany(static one => one).Distinct().Count());
        Assert.DoesNotContain(new string('0', 2 * SaltBytes), salts.SelectMany(static one => one));
    }
}
