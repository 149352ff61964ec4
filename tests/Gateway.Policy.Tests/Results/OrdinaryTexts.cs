using System.Security.Cryptography;

namespace Gateway.Policy.Tests.Results;

/// <summary>
/// Texts as tools answer them: sentences, records, logs, code, tables. Numbers and identifiers come from a digest of
/// their place, so that every run has the same 4,000.
/// </summary>
internal static class OrdinaryTexts
{
    private const int Each = 200;

    private static readonly Func<int, string>[] Shapes =
    [
        i => $"Order {Digits(i, 10)} was shipped on 2026-0{1 + (i % 9)}-1{i % 10} and arrives in {i % 7} days.",
        i => $"Ticket #{Digits(i, 6)}: the printer in room {i} shows error E{Digits(i, 3)}. Assigned to @anna.",
        i => $"{{\"id\":\"{Uuid(i)}\",\"createdAt\":{1_700_000_000_000 + (i * 86_400_123L)},"
            + $"\"total\":{i * 7}.{(i % 90) + 10}}}",
        i => $"2026-11-21T14:{i % 60:00}:07.{Digits(i, 9)}Z INFO worker-{i} took {i * 3} ms, trace {Hex(i, 32)}",
        i => $"commit {Hex(i, 40)}\nAuthor: Anna\n\n    Let lists be filtered, and say why ({i})",
        i => $"call +{1 + (i % 90)} {Digits(i, 3)} {Digits(i + 1, 3)} {Digits(i + 2, 4)} or "
            + $"+44 20 {Digits(i, 4)} {Digits(i, 4)}",
        i => $"value {Fraction(i)}, error {Fraction(i + 1)}, ratio {Fraction(i + 2)}",
        i => $"sha256:{Hex(i, 64)}  layer-{i}.tar",
        i => $"| {i} | {Digits(i, 5)} | {Digits(i, 4)} | {Digits(i + 1, 4)} | {Digits(i + 2, 4)} |",
        i => $"{Digits(i, 4)} {Digits(i + 3, 4)} {Digits(i + 6, 5)} {Digits(i + 9, 3)} rows were read",
        i => $"https://example.com/items/{Digits(i, 8)}?page={i}&sort=name#part-{i}",
        i => $"nanoseconds {1_732_200_000_000_000_000 + (i * 1_000_003L)} since start",
        i => $"The bearer of this letter, number {i}, may enter the building at any time of the day.",
        i => $"public sealed class Task{i} {{ private const int Max = {Digits(i, 4)}; }} // see src/task-{i}.cs",
        i => $"IBAN DE{Digits(i, 2)} {Digits(i, 4)} {Digits(i + 1, 4)} {Digits(i + 2, 4)} "
            + $"{Digits(i + 3, 4)} {Digits(i, 2)}",
        i => $"Parcel 1Z{Hex(i, 16).ToUpperInvariant()} left the depot, {i} km to go",
        i => $"10.{i}.{i % 9}.1 - - \"GET /a/{i} HTTP/1.1\" 200 {Digits(i, 5)} \"curl/8.{i % 9}\"",
        i => $"Q{1 + (i % 4)}: revenue {Digits(i, 2)},{Digits(i + 1, 3)},{Digits(i + 2, 3)} and "
            + $"cost {Digits(i, 3)},{Digits(i, 3)}",
        i => $"base64 {Convert.ToBase64String(SHA256.HashData(BitConverter.GetBytes(i)))}",
        i => $"snowflake {Digits(i, 18)} by user {Digits(i, 9)}",
    ];

    public static IEnumerable<string> All() =>
        Shapes.SelectMany((shape, at) => Enumerable.Range(0, Each).Select(i => shape((at * Each) + i)));

    private static string Hex(int seed, int length) =>
        string.Concat(Enumerable.Range(0, (length / 64) + 1).Select(part =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{part}")))))[..length];

    private static string Digits(int seed, int length) =>
        string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes($"d{seed}")).Take(length)
            .Select(static b => (b % 10).ToString(CultureInfo.InvariantCulture)));

    private static string Fraction(int seed) => $"0.{Digits(seed, 16)}";

    private static string Uuid(int seed) => new Guid(SHA256.HashData(BitConverter.GetBytes(seed))[..16]).ToString();
}
