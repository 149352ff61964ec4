// Command render writes what `helm template` would for a chart without subcharts. It knows no hooks' order, and
// `lookup` sees only the objects of a file.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"
)

type options struct {
	chart, release, namespace, lookup, show string
	upgrade                                 bool
	values                                  []string
}

type list struct{ items *[]string }

func (l list) String() string         { return "" }
func (l list) Set(value string) error { *l.items = append(*l.items, value); return nil }

func main() {
	var o options
	flag.StringVar(&o.chart, "chart", "", "folder of the chart")
	flag.StringVar(&o.release, "release", "gw", "name of the release")
	flag.StringVar(&o.namespace, "namespace", "gateway", "namespace of the release")
	flag.StringVar(&o.lookup, "lookup", "", "YAML list of the objects that lookup finds")
	flag.StringVar(&o.show, "show", "", "only this template, such as templates/NOTES.txt")
	flag.BoolVar(&o.upgrade, "upgrade", false, "an upgrade, not an install")
	flag.Var(list{&o.values}, "values", "values file; may be given again")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	values, err := readMap(filepath.Join(o.chart, "values.yaml"))
	if err != nil {
		return err
	}
	for _, file := range o.values {
		over, err := readMap(file)
		if err != nil {
			return err
		}
		overlay(values, over)
	}
	metadata, err := readMap(filepath.Join(o.chart, "Chart.yaml"))
	if err != nil {
		return err
	}
	var objects []interface{}
	if o.lookup != "" {
		if objects, err = readList(o.lookup); err != nil {
			return err
		}
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root, objects))
	names, err := parse(root, o.chart, metadata["name"].(string))
	if err != nil {
		return err
	}
	return write(root, names, o, context(o, metadata, values))
}

// context holds what a template sees as its dot.
func context(o options, metadata, values map[string]interface{}) map[string]interface{} {
	chart := map[string]interface{}{}
	for key, value := range metadata {
		chart[strings.ToUpper(key[:1])+key[1:]] = value
	}
	chart["AppVersion"] = metadata["appVersion"]
	return map[string]interface{}{
		"Values": values,
		"Chart":  chart,
		"Files":  files{o.chart},
		"Release": map[string]interface{}{
			"Name": o.release, "Namespace": o.namespace, "Service": "Helm", "Revision": 1,
			"IsInstall": !o.upgrade, "IsUpgrade": o.upgrade,
		},
		"Capabilities": map[string]interface{}{
			"KubeVersion": map[string]interface{}{"Version": "v1.33.0", "Major": "1", "Minor": "33"},
		},
	}
}

// parse reads every template and returns the names of those that make output, in order.
func parse(root *template.Template, chart, name string) ([]string, error) {
	var names []string
	err := filepath.Walk(filepath.Join(chart, "templates"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(chart, path)
		full := name + "/" + filepath.ToSlash(relative)
		if _, err := root.New(full).Parse(string(text)); err != nil {
			return err
		}
		if !strings.HasPrefix(info.Name(), "_") {
			names = append(names, full)
		}
		return nil
	})
	sort.Strings(names)
	return names, err
}

var separator = regexp.MustCompile(`(?m)^---\s*$`)

func write(root *template.Template, names []string, o options, dot map[string]interface{}) error {
	for _, name := range names {
		short := name[strings.Index(name, "/")+1:]
		if notes := strings.HasSuffix(name, ".txt"); short != o.show && (o.show != "" || notes) {
			continue
		}
		var out strings.Builder
		dot["Template"] = map[string]interface{}{"Name": name, "BasePath": name[:strings.Index(name, "/")] + "/templates"}
		if err := root.ExecuteTemplate(&out, name, dot); err != nil {
			return err
		}
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		if strings.HasSuffix(name, ".txt") {
			fmt.Println(text)
			continue
		}
		for _, document := range separator.Split(text, -1) {
			if err := writeDocument(name, document); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeDocument(name, document string) error {
	var parsed interface{}
	if err := yaml.Unmarshal([]byte(document), &parsed); err != nil {
		return fmt.Errorf("%s is not YAML: %w\n%s", name, err, document)
	}
	if parsed != nil {
		fmt.Printf("---\n# Source: %s\n%s\n", name, strings.TrimSpace(document))
	}
	return nil
}
