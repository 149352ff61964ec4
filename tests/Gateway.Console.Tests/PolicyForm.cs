namespace Gateway.Console.Tests;

/// <summary>A part of a policy's forms, used with the keyboard alone.</summary>
internal sealed record PolicyForm(ConsoleWindow Window, ILocator Place)
{
    public PolicyForm Group(string name) =>
        At(Place.GetByRole(AriaRole.Group, new() { Name = name, Exact = true }).First);

    public PolicyForm At(ILocator place) => this with { Place = place };

    public async Task FillAsync(string label, string value)
    {
        var field = Place.GetByLabel(label, new() { Exact = true });
        await Window.FillAsync(field, value);
        await field.PressAsync("Tab");
    }

    public Task ChooseAsync(string label, string option) =>
        Window.ChooseAsync(Place.GetByLabel(label, new() { Exact = true }), option);

    public Task CheckAsync(string label) =>
        Window.PressAsync(Place.GetByLabel(label, new() { Exact = true }), "Space");

    public async Task PressAsync(string button)
    {
        var place = Place.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await Assertions.Expect(place).ToBeEnabledAsync();
        await Window.PressAsync(place, "Enter");
    }

    /// <summary>Adds a part, which is then a group of its own.</summary>
    public async Task<PolicyForm> AddAsync(string name, string? group = null)
    {
        await PressAsync($"Add {(char.IsLower(name[1]) ? char.ToLowerInvariant(name[0]) : name[0])}{name[1..]}");
        return Group(group ?? name);
    }

    /// <summary>Adds a list of texts.</summary>
    public async Task ListAsync(string name, string line) =>
        await (await AddAsync(name)).FillAsync($"{name}, one per line", line);

    /// <summary>Adds a member with a name that the schema does not define.</summary>
    public async Task NameAsync(string name, string label, string value)
    {
        await FillAsync("Name", name);
        await PressAsync("Add value");
        await FillAsync(label, value);
    }
}
