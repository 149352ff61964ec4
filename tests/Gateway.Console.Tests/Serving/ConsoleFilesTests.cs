using System.Security.Cryptography;
using System.Xml.Linq;
using Gateway.Admin.Console.Serving;

namespace Gateway.Console.Tests.Serving;

/// <summary>What the console is made of: within its budgets, and of what its lock says.</summary>
public sealed partial class ConsoleFilesTests
{
    private static readonly ConsoleFiles Files = ConsoleFiles.Read();

    [Fact]
    public void The_first_page_takes_at_most_60_requests_and_150_kB()
    {
        var first = FirstLoad();

        var bytes = Files.Index.Length + first.Sum(static name => Files.Assets[name].OpenPacked().Length);
        Assert.InRange(first.Count + 1, 10, 60);
        Assert.InRange(bytes, 10_000, 150_000);
    }

    [Fact]
    public void Every_module_that_is_named_is_there()
    {
        var missing = from file in Files.Assets
                      where file.Key.EndsWith(".js", StringComparison.Ordinal) && !IsVendor(file.Key)
                      from name in Imports(file.Key)
                      where !Files.Assets.ContainsKey(name)
                      select $"{file.Key}: {name}";

        Assert.Empty(missing);
    }

    [Fact]
    public void The_vendored_bundles_are_what_their_lock_says()
    {
        var locked = JsonNode.Parse(Files.Assets["vendor/vendor.lock.json"].Read())!.AsObject();

        Assert.Equal(
            Files.Assets.Keys.Where(static name => IsVendor(name) && Path.GetExtension(name) is ".js" or ".svg")
                .Order(StringComparer.Ordinal),
            locked.Select(static one => "vendor/" + one.Key).Order(StringComparer.Ordinal));
        foreach (var (name, bundle) in locked)
        {
            var hash = Convert.ToBase64String(SHA384.HashData(Files.Assets["vendor/" + name].Read()));
            Assert.Equal((string?)bundle!["sha384"], hash);
            Assert.All(bundle["packages"]!.AsObject(), static package =>
                Assert.Contains((string?)package.Value!["license"], new[] { "MIT", "Apache-2.0", "ISC" }));
        }
    }

    [Fact]
    public void No_script_makes_markup_of_text()
    {
        var offences = Files.Assets.Where(static file => !IsVendor(file.Key)).SelectMany(static file => Markup()
            .Matches(Encoding.UTF8.GetString(file.Value.Read())).Select(match => $"{file.Key}: {match.Value}"));

        Assert.Empty(offences);
    }

    [Fact]
    public void Every_icon_that_a_script_names_is_shipped_and_no_other()
    {
        var shipped = XDocument.Parse(Encoding.UTF8.GetString(Files.Assets["vendor/icons.svg"].Read())).Root!.Elements()
            .Select(static symbol => (string)symbol.Attribute("id")!);
        var named = Files.Assets.Where(static file => !IsVendor(file.Key)).SelectMany(static file => Icon()
            .Matches(Encoding.UTF8.GetString(file.Value.Read())).Select(static match => match.Groups[1].Value));

        Assert.Equal(
            shipped.Order(StringComparer.Ordinal),
            // The theme's icons, whose names are the values of a table.
            named.Concat(["moon", "sun", "sun-moon"]).Distinct().Order(StringComparer.Ordinal));
    }

    private static HashSet<string> FirstLoad()
    {
        var loaded = new HashSet<string> { "app.css", "icon.svg", "main.js", "pages/overview/page.js" };
        var waiting = new Queue<string>(["main.js", "pages/overview/page.js"]);
        while (waiting.TryDequeue(out var next))
        {
            if (IsVendor(next))
                continue;
            foreach (var name in Imports(next).Where(loaded.Add))
                waiting.Enqueue(name);
        }

        return loaded;
    }

    private static IEnumerable<string> Imports(string file) =>
        Import().Matches(Encoding.UTF8.GetString(Files.Assets[file].Read()))
            .Select(match => new Uri(new Uri($"http://x/{file}"), match.Groups[1].Value).AbsolutePath[1..]);

    private static bool IsVendor(string name) => name.StartsWith("vendor/", StringComparison.Ordinal);

    [GeneratedRegex("""^\s*(?:(?:import|export) [^'";]*?from |import )'(\.[^']+)'""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("(?:\\$\\{Icon\\} name=\"|\\bicon: ')([a-z-]+)['\"]")]
    private static partial Regex Icon();

    [GeneratedRegex("innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\\.write|\\beval\\(")]
    private static partial Regex Markup();
}
