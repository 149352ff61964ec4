using Deque.AxeCore.Commons;

namespace Gateway.Console.Tests;

/// <summary>One window of the console; whatever its console says of errors is kept.</summary>
internal sealed class ConsoleWindow : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private const string StyleOfScreenshots = "sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=";

    // Seconds: to decide, to point and click, to move a hand between mouse and keyboard, to press a key.
    private const double Decision = 1.35, Pointing = 1.1 + 0.2, Homing = 0.4, Key = 0.28;

    private readonly Uri _gateway;
    private readonly ConcurrentQueue<string> _errors = new();

    public ConsoleWindow(IPage page, Uri gateway)
    {
        (Page, _gateway) = (page, gateway);
        page.Console += (_, message) =>
        {
            // A browser tells of every refusal. That nobody is signed in yet is one.
            if (message.Type is "error" or "warning" && !message.Text.Contains("401", StringComparison.Ordinal)
                && !IsOfScreenshot(message.Text))
                _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) =>
        {
            if (!IsOfScreenshot(error) && error != "undefined")
                _errors.Enqueue(error);
        };
        page.Dialog += (_, dialog) =>
        {
            _errors.Enqueue($"a dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    // In Firefox the policy of a page also applies to the style that hides the caret on a screenshot.
    private static bool IsOfScreenshot(string error) => error.Contains(StyleOfScreenshots, StringComparison.Ordinal);

    public IPage Page { get; }

    public IReadOnlyCollection<string> Errors => _errors;

    public ILocator Heading => Page.Locator("h1");

    /// <summary>The clicks, choices and filled fields of a person so far.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// The seconds that a practised operator needs for these steps, by the keystroke-level model (Card, Moran and
    /// Newell, 1980). The time that a test takes depends on the machine.
    /// </summary>
    public double OperatorSeconds { get; private set; }

    public Task ClickAsync(ILocator place) => StepAsync(Decision + Pointing, place.ClickAsync());

    public Task ClickAsync(AriaRole role, string name) =>
        ClickAsync(Page.GetByRole(role, new() { Name = name, Exact = true }));

    public static Task<bool> IsFocusedAsync(ILocator element) =>
        element.EvaluateAsync<bool>("element => element === document.activeElement");

    public Task PressAsync(ILocator place, string key) => StepAsync(Decision + Key, place.PressAsync(key));

    public Task FillAsync(ILocator place, string text) =>
        StepAsync(Decision + Pointing + Homing + (Key * text.Length) + Homing, place.FillAsync(text));

    public Task ChooseAsync(ILocator place, string option) =>
        StepAsync(
            Decision + (2 * Pointing), place.SelectOptionAsync(new SelectOptionValue { Label = option }));

    private Task StepAsync(double seconds, Task done)
    {
        Steps++;
        OperatorSeconds += seconds;
        return done;
    }

    /// <summary>The errors but for answers with these statuses: a browser tells of each, meant or not.</summary>
    public IEnumerable<string> ErrorsBut(params string[] statuses) =>
        _errors.Where(error => !Array.Exists(statuses, status => error.Contains(status, StringComparison.Ordinal)));

    /// <summary>Waits for what a page does after it is drawn, such as to begin to listen for keys.</summary>
    public Task UntilIdleAsync() => Page.EvaluateAsync(
        "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))");

    public async Task SignInAsync(string name, string password)
    {
        await Page.GotoAsync(new Uri(_gateway, "/console/").AbsoluteUri);
        await Page.GetByLabel("Username", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.Locator("#navigation").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Goes to a page, and waits until what it reads is there.</summary>
    public async Task GoAsync(string route)
    {
        await Page.EvaluateAsync("route => { location.hash = route; }", "#/" + route);
        await Page.WaitForFunctionAsync(
            "route => location.hash === route && document.querySelector('h1')", "#/" + route);
        await Page.Locator(".skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        // A new page takes the focus once it is drawn.
        await UntilIdleAsync();
    }

    public ILocator PolicyText => Page.GetByRole(AriaRole.Textbox, new() { Name = "Policy JSON" });

    /// <summary>
    /// Replaces the policy's text by keys. <c>FillAsync</c> selects in the page and inserts in a second step; an editor
    /// that marks findings in between restores its own selection, and the text is inserted beside the old one.
    /// </summary>
    public async Task ReplacePolicyTextAsync(string text)
    {
        await PolicyText.PressAsync("ControlOrMeta+A");
        await Page.Keyboard.InsertTextAsync(text);
    }

    /// <summary>
    /// False in <c>.ci/run</c> without <c>--full</c>: nobody looks at its pictures, and Chromium has taken minutes for
    /// one on a machine that runs other suites.
    /// </summary>
    public static bool TakesPictures => !Requirements.AreAll || Requirements.AreFull;

    /// <summary>Takes pictures of the page at three widths in both themes, for people to look at.</summary>
    /// <param name="name">The start of the files' names.</param>
    /// <param name="part">The only part of the page in the pictures; null for the whole page.</param>
    public async Task PicturesAsync(string name, ILocator? part = null)
    {
        var pictures = Directory.CreateDirectory(SourceTree.PathOf("artifacts", "pictures")).FullName;
        foreach (var width in (int[])[390, 1280, 1680])
        {
            foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await Page.SetViewportSizeAsync(width, 900);
                await Page.EmulateMediaAsync(new() { ColorScheme = theme });
                var path = Path.Combine(pictures, $"{name}-{width}-{theme}.png");
                if (!TakesPictures)
                    continue;
                if (part is null)
                    await Page.ScreenshotAsync(new() { Path = path, FullPage = true });
                else
                    await part.ScreenshotAsync(new() { Path = path });
            }
        }
    }

    /// <summary>What keeps somebody from using this page, one line each.</summary>
    /// <param name="rule">The one rule of axe that is looked at; null for all.</param>
    public async Task<IReadOnlyList<string>> BarriersAsync(string? rule = null)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>("""
            async rule => {
              const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
              if (rule) options.runOnly = { type: 'rule', values: [rule] };
              const { violations } = await axe.run(document, options);
              return violations.flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.html}`));
            }
            """, rule);
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
