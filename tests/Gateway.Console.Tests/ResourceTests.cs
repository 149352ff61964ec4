namespace Gateway.Console.Tests;

/// <summary>What a page has read changes while it is being shown or read.</summary>
[Collection(SharedConsole.Name)]
public sealed class ResourceTests(ConsoleBench bench)
{
    private const string Probe = """
        const place = new URL('.', document.querySelector('script[type=module]').src);
        const ui = await import(new URL('vendor/ui.js', place));
        const { useResource, invalidate } = await import(new URL('state/resource.js', place));
        const host = document.createElement('div');
        const until = async (test) => {
          for (const end = Date.now() + 20000; Date.now() < end && !test();) await new Promise(done => setTimeout(done, 20));
          return test();
        };
        """;

    [BrowserFact]
    public async Task A_page_notified_of_a_change_before_its_first_read_still_shows_the_data()
    {
        await using var window = await bench.SignedInAsync();

        // Effects run after the frame that renders: what is told here comes before them.
        Assert.True(await window.Page.EvaluateAsync<bool>("async () => {" + Probe + """
            const Shows = () => ui.h('p', null, useResource('config').data ? 'there' : 'waits');
            ui.render(ui.h(Shows, null), host);
            invalidate('config');
            return until(() => host.textContent === 'there');
          }
          """));
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_change_while_a_page_reads_makes_it_read_once_more()
    {
        await using var window = await bench.SignedInAsync();

        // The first answer is from before the change, and comes after the page was told of it.
        Assert.Equal("new", await window.Page.EvaluateAsync<string>("async () => {" + Probe + """
            let letGo, asked = 0;
            const first = new Promise(done => { letGo = done; });
            const real = window.fetch;
            window.fetch = async (url, options) => {
              if (!String(url).endsWith('/probe')) return real(url, options);
              const text = ++asked === 1 ? '"old"' : '"new"';
              if (asked === 1) await first;
              return new Response(text, { status: 200 });
            };
            const Shows = () => ui.h('p', null, useResource('probe').data ?? 'waits');
            ui.render(ui.h(Shows, null), host);
            await until(() => asked === 1);
            invalidate('probe');
            letGo();
            await until(() => host.textContent === 'new');
            return host.textContent;
          }
          """));
    }
}
