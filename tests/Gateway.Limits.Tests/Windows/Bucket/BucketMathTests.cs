using System.Numerics;
using Gateway.Limits.Windows.Bucket;

namespace Gateway.Limits.Tests.Windows.Bucket;

/// <summary>How a bucket refills, against exact fractions.</summary>
public sealed class BucketMathTests
{
    [Fact]
    public void Rounds_to_the_disadvantage_of_the_caller_and_by_less_than_a_billionth()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var seconds = 1 + (long)Math.Pow(random.NextDouble() * Math.Pow(Window.SecondsMax, 0.25), 4);
            Assert.True(Window.TryFromSeconds(Math.Min(seconds, Window.SecondsMax), out var window));
            var max = Some(random, Amount.Most.Nano);
            var taken = Some(random, max.Nano).Nano;
            var elapsedMs = random.NextInt64(-5, window.ShortestMs + 5);
            BigInteger lengthMs = window.ShortestMs, passedMs = Math.Clamp(elapsedMs, 0, window.ShortestMs);

            // In parts of a billionth, as many as the window has milliseconds.
            var left = BigInteger.Max(0, ((BigInteger)taken * lengthMs) - ((BigInteger)max.Nano * passedMs));
            var missing = BucketMath.Missing(taken, max, window, elapsedMs) * lengthMs;
            var given = BucketMath.Recovered(taken, max, window, elapsedMs) * lengthMs;
            Assert.InRange(missing, left, left + lengthMs - 1);
            Assert.InRange(given, BigInteger.Max(0, left - lengthMs + 1), left);
        }
    }

    [Fact]
    public void Says_the_first_millisecond_at_which_so_much_is_refilled()
    {
        var random = new Random(12);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(Window.TryFromSeconds(random.NextInt64(1, Window.SecondsMax + 1), out var window));
            var max = Some(random, Amount.Most.Nano);
            var amount = Some(random, max.Nano).Nano;
            var waitMs = BucketMath.RefillMs(amount, max, window);
            Assert.Equal(0, BucketMath.Missing(amount, max, window, waitMs));
            Assert.NotEqual(0, BucketMath.Missing(amount, max, window, waitMs - 1));
        }
    }

    private static Amount Some(Random random, Int128 most)
    {
        // Of every magnitude alike.
        var high = (Int128)(Math.Pow((double)most, random.NextDouble()) * random.NextDouble());
        return Amount.FromNano(Int128.Clamp(high, 1, most));
    }
}
